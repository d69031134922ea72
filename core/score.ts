import type { TestFact } from './tests-list.ts'

export type Score = { earned: number; possible: number }
export type TaskScore = Score & { task: string; corePassed: boolean }

/**
 * Points by contract.md: points stand on tests, tests belong to a task, and a task's first test is its core:
 * unless it passes, the task earns nothing. Results are keyed by test id; a missing one counts as not passed.
 */
export function scoreTasks(tests: readonly TestFact[], passed: ReadonlySet<string>): TaskScore[] {
  const byTask = Map.groupBy(tests, test => test.task)
  return [...byTask].map(([task, own]) => {
    const corePassed = passed.has(own[0]!.id)
    const earned = corePassed ? sum(own.filter(test => passed.has(test.id))) : 0
    return { task, corePassed, earned, possible: sum(own) }
  })
}

export function totalScore(tasks: readonly TaskScore[]): Score {
  return tasks.reduce((total, task) => ({ earned: total.earned + task.earned, possible: total.possible + task.possible }), {
    earned: 0,
    possible: 0,
  })
}

function sum(tests: readonly TestFact[]): number {
  return tests.reduce((points, test) => points + test.points, 0)
}
