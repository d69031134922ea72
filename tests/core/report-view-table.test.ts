import { expect, test } from 'vitest'
import { z } from 'zod'
import { OUTCOMES } from '../../core/outcome.ts'
import { viewEvent, viewReport } from '../../core/report-view.ts'
import { reportSchema, reportTestSchema, TEST_STATUSES, type Report, type ReportTest } from '../../core/report.ts'
import { ROLES } from '../../core/submission.ts'
import { FEEDBACK, VISIBILITIES, type TestFact } from '../../core/tests-list.ts'
import { gradingEventSchema, type GradingEvent } from '../../core/worker-api.ts'
import { leavesOf, shownPath, told, wholeOf, type Leaf } from './schema-leaves.ts'

/*
 * Who sees what, worked out and not claimed: every field of a report and of a live event, as the schemas list them, is
 * changed by itself, and it is looked whether a reader's view changes. The result stands in report-view.md. When it
 * differs, look at each line that changed: `npx vitest run tests/core/report-view-table.test.ts -u` writes it anew.
 */
const VISIBLE = 0
const HIDDEN = 1

const testLeaves = leavesOf(reportTestSchema)
const reportLeaves = leavesOf(reportSchema).filter(leaf => leaf.path[0] !== 'tests')

function reportWith({ hidden, ...facts }: Partial<Report> & { hidden: Partial<ReportTest> | undefined }): Report {
  const whole = wholeOf(reportSchema) as Report
  const one = (name: string, own: Partial<ReportTest>): ReportTest => ({ ...(wholeOf(reportTestSchema, [name]) as ReportTest), ...own })
  const visible = one('visible', { visibility: 'visible', status: 'failed' })
  return { ...whole, ...facts, tests: hidden ? [visible, one('hidden', hidden)] : [visible] }
}

type Column = { title: string; mark: (leaf: Leaf) => string }

function learnerOf(report: Report): Column['mark'] {
  return leaf => told(report, leaf, each => viewReport(each, { role: 'learner' }))
}

function others(mark: (role: (typeof ROLES)[number], leaf: Leaf) => string): Column[] {
  return ROLES.filter(role => role !== 'learner').map(role => ({ title: role, mark: leaf => mark(role, leaf) }))
}

type Case = { name: string; outcome?: string; leaves: readonly Leaf[]; columns: readonly Column[] }

/** Tables that are the same are shown once, under all the cases that they stand for; outcomes are named where they differ. */
function tables(cases: readonly Case[]): string {
  const made = cases.map(each => ({ ...each, text: tableOf(each) }))
  return [...Map.groupBy(made, ({ text }) => text)]
    .map(([text, same]) => {
      const outcomesOf = (name: string) => {
        const all = made.filter(each => each.name === name)
        const own = same.filter(each => each.name === name)
        return own.length === all.length ? name : `${name} (${own.map(({ outcome }) => outcome).join(', ')})`
      }
      return `${[...new Set(same.map(({ name }) => outcomesOf(name)))].join(' · ')}\n\n${text}`
    })
    .join('\n\n')
}

/** As the formatter would write it: every column as wide as its widest cell. */
function tableOf({ leaves, columns }: Case): string {
  const rows = [
    ['field', ...columns.map(({ title }) => title)],
    ...leaves.map(leaf => [shownPath(leaf.path), ...columns.map(({ mark }) => mark(leaf))]),
  ]
  const widths = rows[0]!.map((_, at) => Math.max(3, ...rows.map(row => row[at]!.length)))
  const [head, ...body] = rows.map(row => `| ${row.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`)
  return [head, `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n')
}

function ofReport(): string {
  return tables(
    OUTCOMES.map(outcome => {
      const [all, run] = [reportWith({ outcome, hidden: { visibility: 'hidden' } }), reportWith({ outcome, hidden: undefined })]
      return {
        name: 'outcomes',
        outcome,
        leaves: reportLeaves,
        columns: [
          { title: 'learner', mark: learnerOf(all) },
          { title: 'learner, visible tests only', mark: learnerOf(run) },
          ...others((role, leaf) => told(all, leaf, each => viewReport(each, { role }))),
        ],
      }
    }),
  )
}

function ofTest(index: number, visibilities: readonly (typeof VISIBILITIES)[number][]): string {
  const at = (leaf: Leaf): Leaf => ({ ...leaf, path: ['tests', index, ...leaf.path] })
  const cases = OUTCOMES.flatMap(outcome =>
    visibilities.flatMap(visibility => TEST_STATUSES.map(status => ({ outcome, facts: { visibility, status } }))),
  )
  return tables(
    cases.map(({ outcome, facts }) => {
      const reportOf = (feedback: (typeof FEEDBACK)[number]) => {
        const report = reportWith({ outcome, hidden: index === HIDDEN ? { ...facts, feedback } : { visibility: 'hidden' } })
        if (index === VISIBLE) Object.assign(report.tests[VISIBLE]!, facts, { feedback })
        return report
      }
      const shown = reportOf('none')
      return {
        name: `${facts.visibility}, ${facts.status}`,
        outcome,
        leaves: testLeaves,
        columns: [
          ...FEEDBACK.map(feedback => {
            const mark = learnerOf(reportOf(feedback))
            return { title: feedback, mark: (leaf: Leaf) => mark(at(leaf)) }
          }),
          ...others((role, leaf) => told(shown, at(leaf), each => viewReport(each, { role }))),
        ],
      }
    }),
  )
}

function ofEvents(): string {
  const id = 'the-test'
  const fact = (visibility: TestFact['visibility']) => ({ ...(wholeOf(reportTestSchema) as TestFact), id, visibility })
  const timed = (schema: z.ZodObject) => schema.extend({ at: z.string().optional() })
  return tables(
    gradingEventSchema.options.map(option => {
      const schema = timed(option as z.ZodObject)
      const event = { ...(wholeOf(schema) as GradingEvent), ...(option.shape.type.value === 'test' && { id }) } as GradingEvent & {
        at: string
      }
      const column = (title: string, role: (typeof ROLES)[number], facts: TestFact[] | undefined): Column => ({
        title,
        mark: leaf => told(event, leaf, each => viewEvent(each, { role }, facts)),
      })
      return {
        name: option.shape.type.value,
        leaves: leavesOf(schema).filter(leaf => leaf.path[0] !== 'type'),
        columns: [
          column('learner, visible test', 'learner', [fact('visible')]),
          ...VISIBILITIES.filter(each => each !== 'visible').map(each => column(`learner, ${each}`, 'learner', [fact(each)])),
          column('learner, unknown test', 'learner', undefined),
          ...ROLES.filter(role => role !== 'learner').map(role => column(role, role, [fact('hidden')])),
        ],
      }
    }),
  )
}

test('what each reader sees of every field is what report-view.md says', async () => {
  const page = [
    '# Who sees what',
    'Made by `report-view-table.test.ts` from the schemas. `✓` told as it is · `≈` something that follows from it · `–` nothing.\nA field with `[]` is of each element; with `?`, whether it is there at all.',
    '## The report',
    ofReport(),
    '## A visible test, by feedback, under every outcome',
    ofTest(VISIBLE, ['visible']),
    '## A hidden test, by feedback, under every outcome',
    ofTest(
      HIDDEN,
      VISIBILITIES.filter(each => each !== 'visible'),
    ),
    '## Live events',
    ofEvents(),
  ].join('\n\n')
  await expect(`${page}\n`).toMatchFileSnapshot('report-view.md')
})
