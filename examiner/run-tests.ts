import type { TestResult } from '../core/report.ts'
import type { TestFact } from '../core/tests-list.ts'
import type { Fixtures } from './authoring/fixtures.ts'
import type { TestPlan, Watch } from './kind.ts'
import type { LoadedTest } from './load-tests.ts'

/** What a kind adds to the running of tests written in code. */
export type FixtureSource = {
  /**
   * Makes the pod as new: called before each file of the plan (isolation `file`) or before each test (`test`).
   * `first` when no test has run yet. What it throws is our fault and ends the grading.
   */
  fresh: (first: boolean) => Promise<void>
  /** What one test is given. `signal` is aborted when its time is over; `close` is awaited after it, whatever came. */
  open: (fact: TestFact, signal: AbortSignal) => { fixtures: Partial<Fixtures>; close: () => Promise<void> }
  /** True when something was found that ends the grading; the tests that are left are then `not_run`. */
  ended?: () => boolean
}

export type TestRun = {
  plan: TestPlan
  /** As loadTests gave them, by id. */
  loaded: ReadonlyMap<string, LoadedTest>
  isolation: 'file' | 'test'
  source: FixtureSource
  watch: Watch
}

/** Runs the plan, one test after the other, and gives every test of it a result. */
export async function runTests(_run: TestRun): Promise<TestResult[]> {
  throw new Error('not written yet')
}
