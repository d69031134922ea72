import { setTimeout as wait } from 'node:timers/promises'
import { Place, untilAccepted } from './place.ts'
import { currentTest, type TestContext } from './test-context.ts'

/*
 * How requests meet. Each call of a race has a place at the barrier. The first request that it makes opens its connection and
 * sends all but its last byte; then it waits there. Once every call has come to its place, or has ended without one, and the
 * program has had a moment to accept the connections, the last bytes go: in one turn, so that they leave as one write, or,
 * in every other round, a drawn few milliseconds apart. Nothing waits for what the program does: one that takes its
 * connections singly gets the same bytes, only later.
 */

/** Beyond, a request would wait for another's answer before it is sent (CAPS.atOnce), and the barrier for ever. */
const MOST = 40
/** The longest time between the first and the last of a race whose requests don't go in one turn. */
const MOST_SPREAD_MS = 6

/**
 * Sends `n` requests (2 to 40) at the same moment and gives what each call came to, in the order of `at`, once all have ended:
 * `const answers = await race(10, at => http.post('/seats', { json: { seat: 7, name: names[at] } }))`.
 *
 * `request(at)` is called once for each `at` from 0 to n - 1, in a drawn order. The first request of each call meets the others:
 * the connections are opened, all bytes but the last are sent, and then the last byte of every request goes out at once. What
 * a call does afterwards is its own. Throws what the first call by `at` threw, after all have ended.
 * One race at a time. Use it inside `rounds`: some races are lost only now and then.
 */
export async function race<T>(n: number, request: (at: number) => T | Promise<T>): Promise<T[]> {
  const context = currentTest()
  if (!context) throw new Error('race can be used inside a test only')
  if (!Number.isInteger(n) || n < 2 || n > MOST) throw new RangeError(`race: expected a whole number from 2 to ${MOST}, got ${n}`)
  if (context.racing) throw new Error('race: another race of this test is under way')
  context.racing = true
  try {
    const places = Array.from({ length: n }, () => new Place())
    const calls: Promise<T>[] = []
    for (const at of context.random.shuffle([...places.keys()])) calls[at] = places[at]!.run(() => request(at))
    const ended = Promise.allSettled(calls)
    await untilAccepted(places)
    await letGo(context.random.shuffle(places), context)
    return (await ended).map(each => {
      if (each.status === 'rejected') throw each.reason
      return each.value
    })
  } finally {
    context.racing = false
  }
}

/**
 * Runs `body` that many times, one after the other, so that a race that is lost only now and then is found: in every other round
 * the requests of a `race` go a few milliseconds apart, in an order and at distances that are drawn from the grading's seed.
 * Draw the data inside, too. Ends with the first round that throws, which then says in its message which one it was. All rounds
 * together have the test's time.
 */
export async function rounds(count: number, body: (round: number) => unknown): Promise<void> {
  const context = currentTest()
  if (!context) throw new Error('rounds can be used inside a test only')
  if (!Number.isInteger(count) || count < 1) throw new RangeError(`rounds: expected a whole number from 1 on, got ${count}`)
  try {
    for (let round = 0; round < count; round++) {
      context.round = round
      await body(round)
    }
  } catch (error) {
    if (error instanceof Error) error.message = `${error.message} (round ${context.round! + 1} of ${count})`
    throw error
  } finally {
    delete context.round
  }
}

/** How many answers had which status: `expect(statusCounts(answers)).toEqual({ 201: 1, 409: 9 })`. */
export function statusCounts(answers: readonly { status: number }[]): Record<number, number> {
  const counts: Record<number, number> = {}
  for (const { status } of answers) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

async function letGo(places: readonly Place[], { round = 0, random }: TestContext): Promise<void> {
  if (round % 2 === 0) {
    for (const place of places) place.letGo()
    return
  }
  const delays = places.map(() => random.integer(0, MOST_SPREAD_MS))
  await Promise.all(
    places.map(async (place, at) => {
      await wait(delays[at])
      place.letGo()
    }),
  )
}
