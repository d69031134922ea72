import { InvalidInput } from '../../../core/errors.ts'
import { LEAST_FACTOR, LEAST_ROUNDS, MOST_PACES, MOST_ROUNDS, type Pace as Measured } from '../../../core/pace.ts'
import type { TestFact } from '../../../core/tests-list.ts'
import type { Pace, PaceHttp, PaceOptions } from '../../authoring/pace.ts'
import { seededRandom } from '../../authoring/seeded-random.ts'
import { currentTest } from '../../authoring/test-context.ts'
import { describeError } from '../../describe-error.ts'
import { now } from '../../now.ts'
import type { Pod } from '../../pod.ts'
import { TestFailure } from '../../test-failure.ts'
import { httpFixture } from '../http-fixture.ts'
import { referencePod } from '../reference-pod.ts'
import type { Waiting } from '../waiting.ts'
import { judge, measureRound } from './measure.ts'

/*
 * The reference and the program take turns: R S, S R, R S … so that what changes on the machine meanwhile meets both alike. Before
 * the reference's turn the program's box and its database's are frozen, and thawed before its own: a program that burns processor time
 * while it is idle would else slow what it is compared with.
 */
const MOST_AT_ONCE = 40

type Side = 'reference' | 'subject'

export type PaceGiven = {
  pod: Pod
  fact: TestFact
  seed: number
  /** Where the exercise lies, for the words of its faults. */
  folder: string
  /** `reference` of exercise.yaml. */
  path: string
  signal: AbortSignal
  waiting: Waiting
  /** Makes the reference as new as the program. */
  renew: () => Promise<void>
}

export function paceFixture(given: PaceGiven): {
  fixture: Pace
  close: () => Promise<void>
  fault: (timedOut: boolean) => Error | undefined
} {
  const { pod, fact, signal, waiting, path } = given
  const https = { reference: httpFixture(referencePod(pod), signal, waiting), subject: httpFixture(pod, signal, waiting) }
  let frozen = false
  let comparing = false
  let count = 0
  let referenceMs = 0
  let holdingMs = 0
  let largest = 0
  /** When the reference's turn began that is under way. */
  let since: number | undefined
  let fault: Error | undefined

  /** What goes wrong here is not the learner's doing, unless the test's time is over. */
  const ours = async <T>(work: () => Promise<T>): Promise<T> => {
    const began = (since = now())
    try {
      return await work()
    } catch (error) {
      if (!signal.aborted)
        fault ??= broken(path, `The reference did not do what test "${fact.id}" expects: ${describeError(error, given.folder)}`)
      throw error
    } finally {
      referenceMs += now() - began
      since = undefined
    }
  }
  const hold = async (still: boolean) => {
    if (frozen === still) return
    frozen = still
    const began = now()
    await pod.control(still ? 'subject.freeze' : 'subject.thaw')
    holdingMs += now() - began
  }
  const turnOf = async <T>(side: Side, work: () => Promise<T>): Promise<T> => {
    signal.throwIfAborted()
    await hold(side === 'reference')
    return side === 'reference' ? ours(work) : work()
  }

  const compare: Pace['compare'] = async (act, options) => {
    const { factor, rounds, atOnce, prepare } = checked(options)
    if (comparing) throw new Error('pace.compare: another comparison of this test is under way')
    if (count === MOST_PACES) throw new Error(`pace.compare: at most ${MOST_PACES} comparisons in a test`)
    const nth = count++
    const context = currentTest()
    if (!context) throw new Error('pace.compare can be used inside a test only')
    const { random } = context
    const drawing = async <T>(round: number, work: () => Promise<T>): Promise<T> => {
      context.random = seededRandom(`${given.seed}:${fact.id}:pace:${nth}:${round}`)
      return work()
    }
    comparing = true
    largest = Math.max(largest, factor)
    try {
      await turnOf('reference', given.renew)
      for (const side of ['reference', 'subject'] as const)
        await turnOf(side, () =>
          drawing(0, async () => {
            await prepare?.(https[side] satisfies PaceHttp)
            await measureRound(https[side], act, atOnce)
          }),
        )
      const pairs: Record<Side, number>[] = []
      for (let round = 1; round <= rounds; round++) {
        const pair = { reference: 0, subject: 0 }
        const order: Side[] = round % 2 === 0 ? ['reference', 'subject'] : ['subject', 'reference']
        for (const side of order) pair[side] = await turnOf(side, () => drawing(round, () => measureRound(https[side], act, atOnce)))
        pairs.push(pair)
      }
      const found = judge(pairs, { factor, atOnce })
      context.paces = [...(context.paces ?? []), found]
      if (found.verdict === 'beyond') throw new TestFailure(beyondWords(found))
      return found
    } finally {
      context.random = random
      comparing = false
      await hold(false)
    }
  }
  return {
    fixture: { compare },
    close: () => hold(false),
    fault: timedOut => {
      const took = referenceMs + (since === undefined ? 0 : now() - since)
      // A program that is within the factor must have time enough.
      if (fault || !timedOut || took * (1 + largest) + holdingMs <= fact.timeLimitMs) return fault
      const words = `The reference and the changes of turn took so much of the time that test "${fact.id}" has (${fact.timeLimitMs} ms) that a program within the factor could not end in it`
      return broken(path, words)
    },
  }
}

/** Without figures: it may be shown of hidden tests, whose times are not. */
function beyondWords({ of, factor, rounds }: Measured): string {
  return of === 'latency'
    ? `The answers are right, but they come too late: in each of ${rounds.length} rounds the program took more than ${factor} times as long as the reference.`
    : `The answers are right, but there are too few of them: in each of ${rounds.length} rounds the reference answered more than ${factor} times as many requests a second.`
}

function checked({ factor, rounds = LEAST_ROUNDS, atOnce = 1, prepare }: PaceOptions) {
  if (!Number.isFinite(factor) || factor < LEAST_FACTOR)
    throw new RangeError(
      `pace.compare: expected a factor of ${LEAST_FACTOR} or more, got ${factor}: less than that a busy machine makes by itself`,
    )
  if (!Number.isInteger(rounds) || rounds < LEAST_ROUNDS || rounds > MOST_ROUNDS)
    throw new RangeError(`pace.compare: expected ${LEAST_ROUNDS} to ${MOST_ROUNDS} rounds, got ${rounds}`)
  if (!Number.isInteger(atOnce) || atOnce < 1 || atOnce > MOST_AT_ONCE)
    throw new RangeError(`pace.compare: expected atOnce from 1 to ${MOST_AT_ONCE}, got ${atOnce}`)
  return { factor, rounds, atOnce, prepare }
}

function broken(path: string, message: string): InvalidInput {
  return new InvalidInput([{ file: path, message }])
}
