import type { Response } from '../../authoring/http.ts'
import { HttpFailure } from '../http-failure.ts'
import { answered, attempt } from './attempt.ts'
import { drawn } from './drawn.ts'
import type { SendValue } from './requests.ts'
import { signatureOf, type Signature } from './signature.ts'
import { PAIRS, type Pair } from './sql-payloads.ts'
import { notAnswered, quoted, shownAnswer, weakness } from './weakness.ts'

export type SqlInjection = {
  /** What the program has an answer to; a function draws one for each request. */
  value: string | (() => string)
  /** Asked after each request, with its answer; this answer is then looked at instead. */
  afterwards?: (response: Response) => Promise<Response>
}

/**
 * Rounds beyond the first, by whether the condition that holds is sent first: what differs by chance, by turns, or by what was sent
 * before, doesn't differ in the same way in all of them.
 */
const ORDERS = [false, false, true, false]

type Tried = { value: string; answer: Response | HttpFailure | undefined; signature: Signature }
type Round = { holds: Tried; fails: Tried }

export async function sqlInjection(send: SendValue, { value, afterwards }: SqlInjection): Promise<void> {
  const fresh = typeof value === 'function' ? value : () => value
  const ask = async (text: string): Promise<Response> => {
    const response = await send(text)
    return afterwards && response.status < 400 ? afterwards(response) : response
  }
  const plain = fresh()
  const first = await answered(`the value ${quoted(plain)}`, () => send(plain))
  const after = await afterwards?.(first)
  if (after && after.status >= 400) throw notAnswered(`the request after the value ${quoted(plain)}`, after)

  for (const pair of PAIRS) {
    const rounds = [await round(pair, fresh, ask, true)]
    if (!toldApart(pair, rounds)) continue
    for (const first of ORDERS) rounds.push(await round(pair, fresh, ask, first))
    if (toldApart(pair, rounds)) throw found(pair, rounds[0]!, afterwards !== undefined)
  }
}

async function round(pair: Pair, fresh: () => string, ask: SendValue, first: boolean): Promise<Round> {
  const [holds, fails] = pair.make(fresh(), drawn())
  const tryIt = async (value: string): Promise<Tried> => {
    const answer = await attempt(() => ask(value))
    return { value, answer, signature: signatureOf(answer, value) }
  }
  if (first) return { holds: await tryIt(holds), fails: await tryIt(fails) }
  const second = await tryIt(fails)
  return { holds: await tryIt(holds), fails: second }
}

function toldApart({ by }: Pair, rounds: readonly Round[]): boolean {
  if (by === 'error') return rounds.every(({ holds, fails }) => statusOf(holds) < 500 && statusOf(fails) >= 500)
  return (['fine', 'coarse'] as const).some(level => {
    const [holds, fails] = [rounds.map(each => each.holds.signature[level]), rounds.map(each => each.fails.signature[level])]
    return new Set(holds).size === 1 && new Set(fails).size === 1 && holds[0] !== fails[0]
  })
}

function statusOf({ answer }: Tried): number {
  return answer === undefined || answer instanceof HttpFailure ? 0 : answer.status
}

function found({ by }: Pair, { holds, fails }: Round, later: boolean): Error {
  return weakness({
    name: later
      ? 'SQL injection of second order: a stored value becomes part of a later statement'
      : 'SQL injection: a value becomes part of a statement',
    sent: [quoted(holds.value), quoted(fails.value)],
    came: [holds, fails].map(({ answer }) => (answer === undefined ? 'nothing' : shownAnswer(answer))),
    why:
      by === 'error'
        ? 'To a program that passes values apart from its SQL both are plain texts. Here the second broke a statement and the first did not, five times out of five: the quotes were read as SQL.'
        : 'To a program that passes values apart from its SQL both are plain texts that mean nothing. Here the answer depends on whether the condition inside them holds, in five rounds with other words: the database ran it. Whoever can ask that can read every row.',
    look: `a statement that is put together with + or \${…}${later ? ' from a value that was read from the database' : ''}. Pass values as parameters ($1), and take names of columns from a list of your own.`,
  })
}
