import { expect, test } from 'vitest'
import type { TestFact } from '../../core/tests-list.ts'
import { testPlan } from '../../worker/grading/test-plan.ts'

const fact = (file: string, id: string, visibility: TestFact['visibility']): TestFact => ({
  id,
  name: id,
  task: 'a',
  points: 1,
  visibility,
  feedback: 'category',
  timeLimitMs: 1000,
  file,
})
const hidden = Array.from({ length: 8 }, (_, i) => [
  fact(`tests/hidden/${i}.test.ts`, `h${i}-1`, 'hidden'),
  fact(`tests/hidden/${i}.test.ts`, `h${i}-2`, 'hidden'),
]).flat()
const visible = [fact('tests/visible/a.test.ts', 'v1', 'visible'), fact('tests/visible/a.test.ts', 'v2', 'visible')]
const tests = [...hidden, ...visible]

test('visible files come first, and no test is lost', () => {
  const plan = testPlan(tests, 'submit', 7)
  expect(plan[0]).toEqual({ file: 'tests/visible/a.test.ts', tests: ['v1', 'v2'] })
  expect(plan.flatMap(file => file.tests).sort()).toEqual(tests.map(each => each.id).sort())
})

test('files are shuffled by the seed, tests within a file stay as written', () => {
  const order = (seed: number) => testPlan(tests, 'submit', seed).map(file => file.file)
  expect(order(7)).toEqual(order(7))
  expect(new Set([1, 2, 3, 4, 5].map(seed => order(seed).join())).size).toBeGreaterThan(1)
  for (const { tests: own } of testPlan(hidden, 'submit', 3)) expect(own[0]!.endsWith('-1')).toBe(true)
})

test('a run takes the visible tests only', () => {
  expect(testPlan(tests, 'run', 7)).toEqual([{ file: 'tests/visible/a.test.ts', tests: ['v1', 'v2'] }])
})
