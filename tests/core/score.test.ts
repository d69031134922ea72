import { expect, test } from 'vitest'
import { firstOutcome } from '../../core/outcome.ts'
import { scoreTasks, totalScore } from '../../core/score.ts'
import type { TestFact } from '../../core/tests-list.ts'

const fact = (id: string, task: string, points: number): TestFact => ({
  id,
  name: id,
  task,
  points,
  visibility: 'hidden',
  feedback: 'category',
  timeLimitMs: 1000,
  file: 'tests/hidden/a.test.ts',
})
const tests = [fact('create', 'create', 2), fact('create-empty', 'create', 3), fact('list', 'list', 5), fact('list-empty', 'list', 0)]

test.each([
  ['nothing', [], 0],
  ['everything', ['create', 'create-empty', 'list', 'list-empty'], 10],
  ['a task without its core earns nothing', ['create-empty', 'list'], 5],
  ['a core alone', ['create'], 2],
])('points: %s', (_, passed, earned) => {
  expect(totalScore(scoreTasks(tests, new Set(passed)))).toEqual({ earned, possible: 10 })
})

test.each([
  [[], 'accepted'],
  [['accepted', 'wrong_answer'], 'wrong_answer'],
  [['wrong_answer', 'runtime_error', 'memory_limit'], 'memory_limit'],
  [['time_limit', 'grader_error'], 'grader_error'],
  [['grader_error', 'cancelled'], 'cancelled'],
] as const)('of %j the outcome is %s', (seen, outcome) => {
  expect(firstOutcome(seen)).toBe(outcome)
})
