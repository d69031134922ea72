import { AsyncLocalStorage } from 'node:async_hooks'
import type { Pace } from '../../core/pace.ts'
import type { TestResult } from '../../core/report.ts'
import { seededRandom, type Random } from './seeded-random.ts'

/** What `expect` and `random` know of the test they are called in; it follows the test's own asynchronous calls. */
export type TestContext = {
  id: string
  random: Random
  /** Filled by `expect`: assertions on promises, and what to check when the test's function has returned. */
  promises?: Promise<unknown>[]
  onFinished?: (() => void)[]
  /** The first rejection or exception that nobody took. */
  uncaught?: { error: unknown }
  /** What the test found beyond passing or failing: goes into its result when it fails. */
  details?: Pick<TestResult, 'queryCosts'>
  /** What it could not look at: goes into its result when it passes. */
  note?: string
  /** What `pace.compare` found: goes into its result whether it fails or not. */
  paces?: Pace[]
  /** Set while requests of a race wait for each other. */
  racing?: boolean
  /** Which of the test's `rounds` is under way, from 0. */
  round?: number
}

const running = new AsyncLocalStorage<TestContext>()

export function testContext(id: string, seed: number): TestContext {
  return { id, random: seededRandom(`${seed}:${id}`) }
}

export function currentTest(): TestContext | undefined {
  return running.getStore()
}

export function runInTest<T>(context: TestContext, body: () => T): T {
  return running.run(context, body)
}
