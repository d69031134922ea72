import { z } from 'zod'
import { FIXED } from './limits.ts'
import { reportSchema, reportTestSchema, type Report, type ReportTest } from './report.ts'
import type { Role } from './submission.ts'
import type { TestFact } from './tests-list.ts'
import type { GradingEvent } from './worker-api.ts'

/*
 * The one place that decides what a reader sees of a report and of live events. Staff and admins see all of it.
 * A learner sees visible tests whole; of a hidden test its task, its points and whether it passed, and beyond that what
 * its author lets it say (`feedback`):
 *
 *                              none   category   message   full
 *   category                    –        ✓          ✓        ✓
 *   message, hint when failed   –        –          ✓        ✓
 *   id, name, rows, schema      –        –          –        ✓
 *   log, time, file             –        –          –        –
 *
 * What a program printed after the first hidden request may quote it, and how long a hidden test took may carry a secret,
 * so no feedback opens these. `after_due` and `after_published` count as hidden until there are deadlines.
 */
export type Reader = { role: Role }

/** A test as its reader may see it; what is missing is not theirs to see. */
export const testViewSchema = reportTestSchema
  .partial()
  .required({ task: true, points: true, visibility: true, status: true, earned: true })
export type TestView = z.infer<typeof testViewSchema>

export const reportViewSchema = reportSchema.extend({
  tests: z.array(testViewSchema).max(500),
  counts: z.strictObject({
    tests: z.number().int(),
    passed: z.number().int(),
    hidden: z.number().int(),
    hiddenPassed: z.number().int(),
  }),
})
export type ReportView = z.infer<typeof reportViewSchema>

export function viewReport(report: Report, reader: Reader): ReportView {
  const view = { ...report, counts: countTests(report.tests) }
  if (seesAll(reader)) return view
  const { output, lastWords, reason } = report
  const logs = !report.tests.some(test => isHidden(test) && report.tests.some(other => !isHidden(other) && other.file === test.file))
  return {
    ...view,
    tests: report.tests.map(test => viewTest(test, logs)),
    ...(reason && { reason: report.outcome === 'grader_error' ? { code: reason.code, message: OUR_FAULT } : reason }),
    ...(output && { output: openOutput(output.open) }),
    ...(lastWords && { lastWords: { open: lastWords.open, all: lastWords.open } }),
    timings: Object.fromEntries(Object.entries(report.timings).map(([phase, ms]) => [phase, coarse(ms)])),
  }
}

const OUR_FAULT = 'This submission could not be graded. That is no fault of yours and costs no attempt; the operator has it on their list.'

/** `logs`: false where hidden and visible tests share a file, since then a program may have printed hidden requests before. */
function viewTest(test: ReportTest, logs: boolean): TestView {
  const failed = test.status === 'failed' || test.status === 'timed_out'
  if (!isHidden(test)) {
    const { hint, log, ...rest } = test
    return { ...rest, ...(failed && hint !== undefined && { hint }), ...(logs && log !== undefined && { log }) }
  }
  const { id, name, task, points, visibility, status, earned, category, message, hint, rows, schema } = test
  const shown: TestView = { task, points, visibility, status, earned }
  const says = (least: 'category' | 'message' | 'full') => FEEDBACK_ORDER[test.feedback] >= FEEDBACK_ORDER[least]
  if (says('category') && category !== undefined) shown.category = category
  if (says('message') && failed && message !== undefined) shown.message = message
  if (says('message') && failed && hint !== undefined) shown.hint = hint
  if (says('full')) Object.assign(shown, { id, name }, rows && { rows }, schema && { schema })
  return shown
}

const FEEDBACK_ORDER = { none: 0, category: 1, message: 2, full: 3 } as const

/** How much was printed in all would tell of the hidden part too. */
function openOutput(open: string): NonNullable<Report['output']> {
  const bytes = Buffer.byteLength(open)
  return { open, all: open, bytes, truncated: bytes >= FIXED.outputKeptBytes }
}

/** Rounded up, so that a phase's length says little of any hidden test's. */
function coarse(ms: number): number {
  return Math.ceil(ms / 100) * 100
}

function countTests(tests: readonly ReportTest[]): ReportView['counts'] {
  const passed = tests.filter(test => test.status === 'passed')
  return { tests: tests.length, passed: passed.length, hidden: tests.filter(isHidden).length, hiddenPassed: passed.filter(isHidden).length }
}

/** A live event for its reader: of a hidden test only how many are done. `tests`: the collected list, undefined when it isn't known. */
export function viewEvent<E extends { type: string }>(
  event: E | GradingEvent,
  reader: Reader,
  tests: readonly TestFact[] | undefined,
): E | GradingEvent {
  if (!isTestEvent(event) || event.id === undefined || seesAll(reader)) return event
  const fact = tests?.find(test => test.id === event.id)
  if (fact && !isHidden(fact)) return event
  const { id: _id, passed: _passed, ...count } = event
  return count
}

function isTestEvent(event: { type: string }): event is Extract<GradingEvent, { type: 'test' }> {
  return event.type === 'test'
}

/** What a learner may know of an exercise's tests before handing anything in: the visible ones' facts, and how many there are. */
export function viewTests(tests: readonly TestFact[]): { visible: Pick<TestFact, 'id' | 'name' | 'task' | 'points'>[]; hidden: number } {
  return {
    visible: tests.filter(test => !isHidden(test)).map(({ id, name, task, points }) => ({ id, name, task, points })),
    hidden: tests.filter(isHidden).length,
  }
}

export function isHidden(test: Pick<TestFact, 'visibility'>): boolean {
  return test.visibility !== 'visible'
}

function seesAll({ role }: Reader): boolean {
  return role !== 'learner'
}
