import { z } from 'zod'
import { coarseMs } from './coarse-time.ts'
import { FIXED } from './limits.ts'
import type { HeldLock } from './locks.ts'
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
 *   mistake                     –        –          ✓        ✓
 *   id, name, rows, schema      –        –          –        ✓
 *   plan, queryCosts, note      –        –          –        ✓
 *   log, time, paces, file      –        –          –        –
 *
 * What a program printed after the first hidden request may quote it, and how long a hidden test took may carry a secret,
 * so no feedback opens these. `after_due` and `after_published` count as hidden until there are deadlines.
 *
 * The tables below name every field: a new one of the report doesn't compile until it is decided who sees it, and
 * tests/core/report-view.md, made from the schema, shows what each decision comes to.
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
  const counts = countTests(report.tests)
  if (seesAll(reader)) return { ...report, counts }
  const view: Record<string, unknown> = { counts }
  for (const field of Object.keys(TO_LEARNERS) as (keyof Report)[]) {
    const decision = TO_LEARNERS[field]
    const value = decision === 'whole' ? report[field] : decision(report)
    if (value !== undefined) view[field] = value
  }
  return view as ReportView
}

/** What of each field a learner is told: the whole of it, or what a function makes of it. */
const TO_LEARNERS: Record<keyof Report, 'whole' | ((report: Report) => unknown)> = {
  reportVersion: 'whole',
  exercise: 'whole',
  kind: 'whole',
  runtime: 'whole',
  sandboxRuntime: 'whole',
  boxRuntimes: 'whole',
  mode: 'whole',
  // Without the hidden tests it says nothing, and the next submission draws another; staff are asked about it by learners.
  seed: 'whole',
  outcome: 'whole',
  fault: 'whole',
  reason: openReason,
  score: 'whole',
  tasks: 'whole',
  tests: viewGraded,
  // Where nothing is open, that something was printed at all is the hidden part's doing.
  output: ({ output }) => (output?.open ? openOutput(output.open) : undefined),
  lastWords: ({ lastWords }) => (lastWords?.open ? { open: lastWords.open, all: lastWords.open } : undefined),
  // Made for learners where it was found: on hidden data the examiner tells a fixed list of sentences (sql/error-words.ts).
  sqlError: 'whole',
  statements: ({ statements, tests }) =>
    statements?.map(run => ({ ...run, durationMs: tests.some(isHidden) ? coarseMs(run.durationMs) : run.durationMs })),
  // How long a lock was held hangs on rows that a statement can sleep by, as its time does.
  locks: ({ locks, tests }) => (tests.some(isHidden) ? locks?.map(coarseLock) : locks),
  // Told by the learner's own text alone.
  hints: 'whole',
  timings: ({ timings, tests }) => (tests.some(isHidden) ? total(timings) : timings),
  // By what hidden tests read and compared: for staff, who watch the examiner.
  examinerPeakBytes: () => undefined,
  images: 'whole',
}

function coarseLock(lock: HeldLock): HeldLock {
  return { ...lock, heldMs: coarseMs(lock.heldMs), waitedMs: lock.waitedMs && coarseMs(lock.waitedMs) }
}

const OUR_FAULT = 'This submission could not be graded. That is no fault of yours and costs no attempt; the operator has it on their list.'

/** A program chooses its exit code and the signal that it dies by: in the hidden part that would be a letter of what it was sent. */
const ENDED_HIDDEN = 'The program ended while hidden tests were run. How it ended is not told, since that could tell of their requests.'
const ENDS = new Set(['EXITED', 'EXITED_AT_START'])

function openReason({ outcome, reason, tests }: Report): Report['reason'] {
  if (!reason) return undefined
  if (outcome === 'grader_error') return { code: reason.code, message: OUR_FAULT }
  // Visible tests come first: when all of them ran, hidden ones had begun.
  const hiddenBegan = tests.some(isHidden) && tests.every(test => isHidden(test) || test.status !== 'not_run')
  return hiddenBegan && ENDS.has(reason.code) ? { code: reason.code, message: ENDED_HIDDEN } : reason
}

function viewGraded({ tests }: Report): TestView[] {
  const hiddenFiles = new Set(tests.filter(isHidden).map(test => test.file))
  // Where hidden and visible tests share a file, a program may have printed hidden requests before the visible test.
  const logs = !tests.some(test => !isHidden(test) && hiddenFiles.has(test.file))
  return tests.map(test => (isHidden(test) ? viewHidden(test) : viewVisible(test, logs)))
}

function viewVisible({ hint, log, ...rest }: ReportTest, logs: boolean): TestView {
  return { ...rest, ...(hasFailed(rest) && hint !== undefined && { hint }), ...(logs && log !== undefined && { log }) }
}

function viewHidden(test: ReportTest): TestView {
  const fields = (Object.keys(HIDDEN_TEST) as (keyof ReportTest)[]).filter(field => {
    const least = HIDDEN_TEST[field]
    if (least === 'never' || test[field] === undefined) return false
    if (least === 'message' && !hasFailed(test)) return false
    return FEEDBACK_ORDER[test.feedback] >= FEEDBACK_ORDER[least]
  })
  return Object.fromEntries(fields.map(field => [field, test[field]])) as TestView
}

const FEEDBACK_ORDER = { none: 0, category: 1, message: 2, full: 3 } as const

/** The least feedback that opens a field of a hidden test; `message` only of one that failed. */
const HIDDEN_TEST: Record<keyof ReportTest, keyof typeof FEEDBACK_ORDER | 'never'> = {
  task: 'none',
  points: 'none',
  visibility: 'none',
  status: 'none',
  earned: 'none',
  category: 'category',
  message: 'message',
  hint: 'message',
  id: 'full',
  name: 'full',
  rows: 'full',
  schema: 'full',
  plan: 'full',
  mistake: 'message',
  // A program may write what it was asked into its statements.
  queryCosts: 'full',
  // Of the time that a statement took, which it can choose by hidden rows.
  note: 'full',
  feedback: 'never',
  timeLimitMs: 'never',
  durationMs: 'never',
  // Times as well: a program could take them by what it was asked.
  paces: 'never',
  file: 'never',
  log: 'never',
}

/** How much was printed in all would tell of the hidden part too. */
function openOutput(open: string): NonNullable<Report['output']> {
  const bytes = Buffer.byteLength(open)
  return { open, all: open, bytes, truncated: bytes >= FIXED.outputKeptBytes }
}

/** One figure, not one for each phase: a program can lengthen several of them, each by another secret. */
function total({ total: ms }: Report['timings']): Report['timings'] {
  return ms === undefined ? {} : { total: coarseMs(ms) }
}

function hasFailed({ status }: Pick<ReportTest, 'status'>): boolean {
  return status === 'failed' || status === 'timed_out'
}

function countTests(tests: readonly ReportTest[]): ReportView['counts'] {
  const passed = tests.filter(test => test.status === 'passed')
  return { tests: tests.length, passed: passed.length, hidden: tests.filter(isHidden).length, hiddenPassed: passed.filter(isHidden).length }
}

/**
 * A live event for its reader: of a hidden test only how many are done, without the time that `at` tells of others.
 * `tests`: the collected list, undefined when it isn't known.
 */
export function viewEvent<E extends { type: string; at?: string }>(
  event: E | GradingEvent,
  reader: Reader,
  tests: readonly TestFact[] | undefined,
): E | GradingEvent {
  return isCountOnly(event, reader, tests) ? { type: 'test', done: event.done, total: event.total } : event
}

type TestEvent = Extract<GradingEvent, { type: 'test' }>

/** Whether this reader is told of this event as a count only. When such a one is told is server/coarse-events.ts's to say. */
export function isCountOnly(event: { type: string }, reader: Reader, tests: readonly TestFact[] | undefined): event is TestEvent {
  if (!isTestEvent(event) || seesAll(reader)) return false
  const fact = tests?.find(test => test.id === event.id)
  return !fact || isHidden(fact)
}

function isTestEvent(event: { type: string }): event is TestEvent {
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
