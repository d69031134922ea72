import type { TestResult } from '../core/report.ts'
import type { TestFact } from '../core/tests-list.ts'
import type { Fixtures } from './authoring/fixtures.ts'
import type { GradeContext, TestPlan, Watch } from './kind.ts'
import type { LoadedTest } from './load-tests.ts'
import { runTest } from './run-test.ts'

/** What a kind adds to the running of tests written in code. */
export type FixtureSource = {
  /**
   * Makes the pod as new: called before each file of the plan (isolation `file`) or before each test (`test`).
   * `first` when no test has run yet. What it throws is our fault and ends the grading.
   */
  fresh: (first: boolean) => Promise<void>
  /**
   * What one test is given. `signal` is aborted when its time is over; `close` is awaited after it, whatever came.
   * `waitingFor` says, when the time is over, what the test was waiting for.
   */
  open: (fact: TestFact, signal: AbortSignal) => OpenFixtures
  /** True when a test left the pod as the next one doesn't expect it: it is then made as new before that one, too. */
  isStale?: () => boolean
  /** True when something was found that ends the grading; the tests that are left are then `not_run`. */
  ended?: () => boolean
}

export type OpenFixtures = {
  fixtures: Partial<Fixtures>
  close: () => Promise<void>
  waitingFor?: () => readonly string[]
  /** Asked once the test has ended: what of it was the exercise's own fault. It ends the grading. */
  fault?: (timedOut: boolean) => Error | undefined
}

/** To be called as `runTests({ ...context, plan, loaded, isolation, source, watch })`. */
export type TestRun = Pick<GradeContext, 'manifest' | 'seed' | 'folder'> & {
  plan: TestPlan
  /** As loadTests gave them, by id. */
  loaded: ReadonlyMap<string, LoadedTest>
  isolation: 'file' | 'test'
  source: FixtureSource
  watch: Watch
}

/** Runs the plan, one test after the other in the order given, and gives every test of it a result. */
export async function runTests(run: TestRun): Promise<TestResult[]> {
  const { plan, isolation, source, watch } = run
  const results: TestResult[] = []
  for (const { tests } of plan) {
    for (const [index, id] of tests.entries()) {
      if (source.ended?.()) {
        results.push({ id, status: 'not_run', durationMs: 0 })
        continue
      }
      if (index === 0 || isolation === 'test' || source.isStale?.()) await source.fresh(results.length === 0)
      await watch.onStart(id)
      const result = await runTest(run.loaded.get(id)!, run)
      watch.onEnd(result)
      results.push(result)
    }
  }
  return results
}
