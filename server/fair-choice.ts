import type { InLine, Line } from './store/store.ts'

/** When a group or an owner was last given a place: a number that grows with every place given. */
export type LastServed = Map<string, number>

/**
 * Chooses up to `free` of the waiting gradings, in the order in which they go into the queue. Each place goes to the group
 * with the fewest in flight, and among equals to the one that was served longest ago; within the group to an owner by the
 * same rule; of that owner, to the oldest. Regrades get a place only when no learner waits for one.
 *
 * `line.waiting` comes oldest first. `lastServed` is only read; `serve` notes what was really given.
 */
export function chooseFairly(line: Line, free: number, lastServed: LastServed): InLine[] {
  const inFlight = new Map<string, number>()
  const served = new Map(lastServed)
  for (const grading of line.inFlight) count(inFlight, keysOf(grading))
  const chosen: InLine[] = []
  for (const behind of [false, true]) {
    const waiting = new Map(line.waiting.filter(each => (each.reason === 'regrade') === behind).map(each => [each, keysOf(each)]))
    while (chosen.length < free && waiting.size > 0) {
      const next = mostDeserving(waiting, inFlight, served)
      count(inFlight, waiting.get(next)!)
      serve(served, next)
      waiting.delete(next)
      chosen.push(next)
    }
  }
  return chosen
}

/** Notes that a grading was given a place. */
export function serve(lastServed: LastServed, grading: InLine): void {
  const turn = (lastServed.get(TURN) ?? 0) + 1
  for (const key of [...keysOf(grading), TURN]) lastServed.set(key, turn)
}

const TURN = 'turn'

/** The group first: it is what places are shared between. */
const keysOf = ({ group, owner }: InLine) => [`group ${group}`, `owner ${JSON.stringify([group, owner])}`]

function count(inFlight: Map<string, number>, keys: readonly string[]): void {
  for (const key of keys) inFlight.set(key, (inFlight.get(key) ?? 0) + 1)
}

function mostDeserving(waiting: ReadonlyMap<InLine, string[]>, inFlight: Map<string, number>, served: LastServed): InLine {
  let best: InLine | undefined
  let bestRank: number[] = []
  for (const [grading, keys] of waiting) {
    const rank = keys.flatMap(key => [inFlight.get(key) ?? 0, served.get(key) ?? 0])
    // Among equals the older one stands.
    if (best && !isBefore(rank, bestRank)) continue
    best = grading
    bestRank = rank
  }
  return best!
}

function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((value, index) => value !== other[index])
  return at !== -1 && one[at]! < other[at]!
}
