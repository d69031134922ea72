import { describe, expect, test } from 'vitest'
import { LEAST, type PlanBudget, planBudgetSchema } from '../../../core/plan-budget.ts'
import { planSchema } from '../../../core/plan.ts'
import { budgetSentence } from '../../../examiner/sql/query/plan/budget-sentence.ts'
import { holdBudget } from '../../../examiner/sql/query/plan/hold-budget.ts'
import { readPlan, type Measured } from '../../../examiner/sql/query/plan/read-plan.ts'
import { shownPlan } from '../../../examiner/sql/query/plan/show-plan.ts'

type Json = Record<string, unknown>

function plan(root: Json): Measured {
  return readPlan(JSON.stringify([{ Plan: root }]))!
}

const seq = (table: string, more: Json = {}): Json => ({
  'Node Type': 'Seq Scan',
  'Relation Name': table,
  'Actual Rows': 10,
  'Rows Removed by Filter': 190_000,
  'Actual Loops': 1,
  'Shared Hit Blocks': 1_500,
  'Shared Read Blocks': 500,
  ...more,
})
const index = (name: string, more: Json = {}): Json => ({
  'Node Type': 'Index Scan',
  'Relation Name': 'readings',
  'Index Name': name,
  'Actual Rows': 1,
  'Actual Loops': 10,
  'Shared Hit Blocks': 40,
  ...more,
})
const loop = (outer: Json, inner: Json, more: Json = {}): Json => ({
  'Node Type': 'Nested Loop',
  'Join Type': 'Left',
  'Actual Rows': 10,
  'Actual Loops': 1,
  'Shared Hit Blocks': 45,
  Plans: [outer, inner],
  ...more,
})

const REFERENCE = plan(loop(seq('meters', { 'Rows Removed by Filter': 0, 'Shared Hit Blocks': 5, 'Shared Read Blocks': 0 }), index('pk')))

describe('what a node has looked at', () => {
  test.each<[string, Json, number]>([
    ['a scan: what it gave on and what it threw away', seq('t'), 190_010],
    ['a look-up, each at least once', index('pk', { 'Actual Rows': 0, 'Actual Loops': 5_000 }), 5_000],
    ['what was never carried out: nothing', seq('t', { 'Actual Loops': 0 }), 0],
    ['rows put by and read again', { 'Node Type': 'Materialize', 'Actual Rows': 100, 'Actual Loops': 50 }, 5_000],
    ['a bitmap of places: not yet rows', { 'Node Type': 'Bitmap Index Scan', 'Actual Rows': 100, 'Actual Loops': 1 }, 0],
    [
      'a join: the pairs that it threw away',
      { 'Node Type': 'Nested Loop', 'Actual Rows': 1, 'Rows Removed by Join Filter': 9_999, 'Actual Loops': 1 },
      9_999,
    ],
    ['a sort: nothing of its own', { 'Node Type': 'Sort', 'Actual Rows': 100, 'Actual Loops': 1 }, 0],
  ])('%s', (_, root, visited) => {
    expect(plan(root).visited).toBe(visited)
  })
})

describe('a demand', () => {
  test.each<[string, PlanBudget, Json, verdicts: string[]]>([
    ['no sequential scan, and there is one', { noSeqScan: ['readings'] }, seq('readings'), ['broken']],
    ['of another table', { noSeqScan: ['readings'] }, seq('meters'), ['kept']],
    ['that was never carried out', { noSeqScan: ['readings'] }, seq('readings', { 'Actual Loops': 0 }), ['kept']],
    ['a part of the table', { noSeqScan: ['readings'] }, seq('readings_2027'), ['broken']],
    ['all pages by their number', { noSeqScan: ['readings'] }, seq('readings', { 'Node Type': 'Tid Range Scan' }), ['broken']],
    ['all rows as a sample', { noSeqScan: ['readings'] }, seq('readings', { 'Node Type': 'Sample Scan' }), ['broken']],
    [
      'a CTE of the same name',
      { noSeqScan: ['readings'] },
      { 'Node Type': 'CTE Scan', 'CTE Name': 'readings', 'Actual Loops': 1 },
      ['kept'],
    ],
    ['of what the reference scans, too', { noSeqScan: ['meters'] }, seq('meters'), ['waived']],
    ['an index that is used', { usesIndex: ['pk'] }, index('pk'), ['kept']],
    ['an index in a bitmap', { usesIndex: ['pk'] }, index('pk', { 'Node Type': 'Bitmap Index Scan' }), ['kept']],
    ['an index that is not', { usesIndex: ['pk'] }, seq('readings'), ['broken']],
    ['an index that would have been', { usesIndex: ['pk'] }, index('pk', { 'Actual Loops': 0 }), ['broken']],
    ['an index that the reference does without', { usesIndex: ['other'] }, seq('readings'), ['waived']],
    ['a multiple of pages', { buffers: '10x' }, seq('meters', { 'Shared Hit Blocks': 450, 'Shared Read Blocks': 0 }), ['kept']],
    ['one page more', { buffers: '10x' }, seq('meters', { 'Shared Hit Blocks': 451, 'Shared Read Blocks': 0 }), ['broken']],
    ['pages that were not in memory', { buffers: '10x' }, seq('meters', { 'Shared Hit Blocks': 0, 'Shared Read Blocks': 451 }), ['broken']],
    [
      'little, however small the multiple',
      { buffers: '1x' },
      seq('meters', { 'Shared Hit Blocks': LEAST.buffers, 'Shared Read Blocks': 0 }),
      ['kept'],
    ],
    ['a number of pages', { buffers: 2_000 }, seq('meters'), ['kept']],
    ['a number that the reference is above', { buffers: 44 }, seq('meters'), ['waived']],
    ['rows', { rows: '2x' }, seq('meters'), ['broken']],
    [
      'everything at once',
      { noSeqScan: ['readings'], usesIndex: ['pk'], buffers: '3x', rows: '3x' },
      seq('readings'),
      Array.from({ length: 4 }, () => 'broken'),
    ],
  ])('%s', (_, budget, root, verdicts) => {
    planBudgetSchema.parse(budget)
    const named = new Map([['readings', new Set(['readings', 'readings_2027'])]])
    const measured = plan(root)
    const demands = holdBudget(budget, named, measured, REFERENCE)
    expect(demands.map(({ verdict }) => verdict)).toEqual(verdicts)
    planSchema.parse(shownPlan(measured, demands, named))
  })

  test('that is broken is told in words', () => {
    const demands = holdBudget({ noSeqScan: ['readings'], buffers: '10x' }, new Map(), plan(seq('readings')), REFERENCE)
    expect(budgetSentence(demands)).toBe(
      'The rows are right, but the way to them costs too much: readings is read from end to end, which this exercise does not allow; ' +
        'it touches 2,000 pages, at most 450 are allowed (the reference: 45).',
    )
    expect(budgetSentence(holdBudget({ buffers: '10x' }, new Map(), REFERENCE, REFERENCE))).toBeUndefined()
  })

  test.each([[{}], [{ buffers: '3' }], [{ buffers: 'x' }], [{ buffers: 0 }], [{ noSeqScan: [] }], [{ pages: 3 }]])('%j is none', budget => {
    expect(planBudgetSchema.safeParse(budget).success).toBe(false)
  })
})

describe('the plan that is shown', () => {
  const marked = (root: Json, budget: PlanBudget) => {
    const measured = plan(root)
    return shownPlan(measured, holdBudget(budget, new Map(), measured, REFERENCE), new Map()).nodes.flatMap(node =>
      node.costly ? [node.on] : [],
    )
  }
  const both = loop(seq('meters', { 'Shared Hit Blocks': 3_000, 'Rows Removed by Filter': 9 }), seq('readings'), {
    'Shared Hit Blocks': 5_000,
  })

  test.each<[string, PlanBudget, (string | undefined)[]]>([
    ['what reads a table that it must not', { noSeqScan: ['readings'], buffers: '1x' }, ['readings']],
    ['what touches most pages', { buffers: '1x' }, ['meters']],
    ['what visits most rows, where there are too many', { rows: '1x' }, ['readings']],
    ['what touches most, where all is kept', { buffers: 100_000 }, ['meters']],
  ])('marks %s', (_, budget, names) => {
    expect(marked(both, budget)).toEqual(names)
  })

  test('marks the scan inside a CTE, not the node that asks for it', () => {
    const cte = { 'Node Type': 'CTE Scan', 'CTE Name': 'c', 'Actual Loops': 1, 'Shared Hit Blocks': 2_000 }
    const inside = seq('readings', { 'Subplan Name': 'CTE c' })
    expect(
      marked({ 'Node Type': 'Hash Join', 'Actual Loops': 1, 'Shared Hit Blocks': 2_000, Plans: [inside, cte] }, { buffers: '1x' }),
    ).toEqual(['readings'])
  })

  test('is of a size that a report can hold, with the costly node in it, however large and deep it is', () => {
    let deep = seq('readings', { 'Relation Name': 'r'.repeat(5_000), Filter: 'f'.repeat(100_000) })
    for (let depth = 0; depth < 900; depth++) deep = { 'Node Type': 'Append', 'Actual Loops': 1, 'Shared Hit Blocks': 2_000, Plans: [deep] }
    const shown = shownPlan(plan(deep), [], new Map())
    planSchema.parse(shown)
    expect(shown.nodes.at(-1)).toMatchObject({ node: 'Seq Scan', costly: true })
    expect(shown.nodes.length + shown.left).toBe(901)
  })
})
