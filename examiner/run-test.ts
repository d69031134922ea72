import { setImmediate } from 'node:timers/promises'
import type { TestResult } from '../core/report.ts'
import type { Fixtures } from './authoring/fixtures.ts'
import { runInTest, testContext, type TestContext } from './authoring/test-context.ts'
import { cleanText } from './clean-text.ts'
import { describeError } from './describe-error.ts'
import type { LoadedTest } from './load-tests.ts'
import type { TestRun } from './run-tests.ts'
import { TestFailure } from './test-failure.ts'
import { collectUncaught } from './uncaught.ts'
import { now } from './now.ts'

const TIME_OVER = Symbol('time over')

/**
 * Runs one test. It ends with its function, or when its time is over: then what it still does is of no account, its fixtures
 * refuse, and what it throws later is not heard. Throws where a fixture found the exercise itself at fault.
 */
export async function runTest({ fact, body }: LoadedTest, { source, seed, folder, manifest }: TestRun): Promise<TestResult> {
  const limit = fact.timeLimitMs
  const over = new AbortController()
  const context = testContext(fact.id, seed)
  const { fixtures, close, waitingFor, fault } = source.open(fact, over.signal)
  const given = completeFixtures({ ...fixtures, seed, signal: over.signal }, manifest.kind)
  const started = now()
  let unanswered: readonly string[] = []
  const timeOver = Promise.withResolvers<typeof TIME_OVER>()
  const timer = setTimeout(() => {
    timeOver.resolve(TIME_OVER)
    unanswered = waitingFor?.() ?? []
    // What the test does on hearing this is its own doing, not the next one's.
    runInTest(context, () => over.abort(new Error(`The test's time of ${limit / 1000} s is over.`)))
  }, limit)
  const ended = collectUncaught(context)
  const running = wholeTest(context, () => body(given)).then(
    () => ({ passed: true as const }),
    (error: unknown) => ({ passed: false as const, error }),
  )
  const end = await Promise.race([running, timeOver.promise])
  clearTimeout(timer)
  ended()
  const durationMs = now() - started
  runInTest(context, () => over.abort(new Error('The test has ended.')))
  await close()
  const broken = fault?.(end === TIME_OVER)
  if (broken) throw broken

  const base = { id: fact.id, durationMs, ...(context.paces && { paces: context.paces }) }
  // A test that held up this process kept its own timer from firing.
  if (end === TIME_OVER || (end.passed && durationMs > limit)) {
    return { ...base, status: 'timed_out', message: timeOverWords(limit, unanswered) }
  }
  if (end.passed) return { ...base, status: 'passed', ...(context.note !== undefined && { note: context.note }) }
  const details = end.error instanceof TestFailure ? end.error.details : {}
  return { ...base, status: 'failed', message: describeError(end.error, folder), ...context.details, ...details }
}

function timeOverWords(limit: number, waitingFor: readonly string[]): string {
  const first = `The test did not end within its time of ${limit / 1000} s.`
  if (waitingFor.length === 0) return first
  const each = [...Map.groupBy(waitingFor, words => words)].map(([words, { length }]) =>
    length > 1 ? `${words} (${length} times)` : words,
  )
  const more = each.length > 3 ? `, and ${each.length - 3} more` : ''
  return cleanText(`${first} It was waiting for ${each.slice(0, 3).join(', ')}${more}.`, 2_000)
}

/** The test's function, and then what it left behind: assertions that nobody awaited, rejections that nobody took. */
async function wholeTest(context: TestContext, body: () => unknown): Promise<void> {
  await runInTest(context, async () => body())
  await Promise.all(context.promises ?? [])
  for (const check of context.onFinished ?? []) check()
  // A rejection is known as uncaught only after the turn in which it came.
  await setImmediate()
  if (context.uncaught) throw context.uncaught.error
}

const NAMES = ['http', 'db', 'log', 'program', 'contract', 'pace', 'migration'] as const

/** Fixtures that the exercise doesn't have say so when they are touched. */
function completeFixtures(fixtures: Partial<Fixtures>, kind: string): Fixtures {
  const own = NAMES.filter(name => fixtures[name]).join(', ')
  for (const name of NAMES) {
    if (fixtures[name]) continue
    Object.defineProperty(fixtures, name, {
      get() {
        throw new Error(`"${name}" is not there: this ${kind} exercise has ${own || 'none'}`)
      },
    })
  }
  return fixtures as Fixtures
}
