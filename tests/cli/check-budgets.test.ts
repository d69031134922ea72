import { expect, test } from 'vitest'
import { budgetsOf, checkBudgets, type Budgets } from '../../cli/check/budgets.ts'
import { checkExercise } from '../../core/exercise-faults.ts'
import { manifestSchema } from '../../core/exercise.ts'
import type { Demand } from '../../core/plan.ts'
import { sampleTest } from './sample-reports.ts'

function manifestOf(statement: string) {
  const dataset = (id: string, more = {}) => ({ id, name: id, task: 'one', file: `${id}.sql`, visibility: 'visible', ...more })
  return manifestSchema.parse({
    kind: 'query',
    title: 'T',
    difficulty: 'easy',
    statement,
    tasks: [{ id: 'one', title: 'One' }],
    datasets: [dataset('small'), dataset('large', { plan: { buffers: '3x' } })],
  })
}

const exercise = { folder: 'exercises/t', manifest: manifestOf('select') }
const graded = (expected: string, budgets: Budgets) => ({ expected, budgets })
const kept = { large: { kept: true, waived: [] } }
const broken = { large: { kept: false, waived: [] } }

test.each<[string, ReturnType<typeof graded>[], RegExp | undefined]>([
  ['is proven by a wrong answer that costs too much', [graded('accepted', kept), graded('wrong_answer', broken)], undefined],
  [
    'is not proven by wrong answers with wrong rows',
    [graded('accepted', kept), graded('wrong_answer', {})],
    /no sample in wrong_answer\/ fails here by its plan/,
  ],
  ['is not proven by another label', [graded('accepted', broken), graded('not accepted', broken)], /no sample in wrong_answer/],
  [
    'must be kept by the reference',
    [graded('wrong_answer', broken), graded('accepted', { large: { kept: true, waived: ['noSeqScan orders'] } })],
    /reference itself does not keep to it.*: noSeqScan orders$/,
  ],
])('a budget %s', (_, samples, message) => {
  const findings = checkBudgets(exercise, samples)
  if (message === undefined) expect(findings).toEqual([])
  else expect(findings).toEqual([{ file: 'exercises/t/exercise.yaml', field: 'datasets.1.plan', message: expect.stringMatching(message) }])
})

test('what a grading found of budgets: only data sets whose plan was looked at', () => {
  const demand = (verdict: Demand['verdict'], of: string): Demand => ({ demand: 'noSeqScan', verdict, of })
  const plan = (...demands: Demand[]) => ({ nodes: [], left: 0, buffers: 1, rows: 1, demands })
  const tests = [
    sampleTest({ id: 'small' }),
    sampleTest({ id: 'large', plan: plan(demand('kept', 'a'), demand('waived', 'b')) }),
    sampleTest({ id: 'larger', status: 'failed', plan: plan(demand('broken', 'a')) }),
  ]
  expect(budgetsOf({ tests })).toEqual({ large: { kept: true, waived: ['noSeqScan b'] }, larger: { kept: false, waived: [] } })
})

test('a statement that changes rows has no budget', () => {
  const faults = checkExercise(manifestOf('change'), {}).filter(({ field }) => field === 'datasets.1.plan')
  expect(faults).toEqual([{ file: 'exercise.yaml', field: 'datasets.1.plan', message: expect.stringContaining('"statement: select"') }])
  expect(checkExercise(manifestOf('select'), {}).some(({ field }) => field === 'datasets.1.plan')).toBe(false)
})
