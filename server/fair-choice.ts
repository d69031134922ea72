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
  for (const grading of line.inFlight) count(inFlight, grading)
  const chosen: InLine[] = []
  for (const behind of [false, true]) {
    const groups = byGroupAndOwner(line.waiting.filter(grading => (grading.reason === 'regrade') === behind))
    while (chosen.length < free && groups.size > 0) {
      const group = mostDeserving(groups.keys(), inFlight, served)
      const owners = groups.get(group)!
      const owner = mostDeserving(owners.keys(), inFlight, served)
      const own = owners.get(owner)!
      const next = own.shift()!
      if (own.length === 0) owners.delete(owner)
      if (owners.size === 0) groups.delete(group)
      count(inFlight, next)
      serve(served, next)
      chosen.push(next)
    }
  }
  return chosen
}

/** Notes that a grading was given a place. */
export function serve(lastServed: LastServed, grading: InLine): void {
  const turn = (lastServed.get(TURN) ?? 0) + 1
  for (const key of [groupKey(grading), ownerKey(grading), TURN]) lastServed.set(key, turn)
}

const TURN = 'turn'
const groupKey = ({ group }: InLine) => `group ${group}`
const ownerKey = ({ group, owner }: InLine) => `owner ${JSON.stringify([group, owner])}`

function count(inFlight: Map<string, number>, grading: InLine): void {
  for (const key of [groupKey(grading), ownerKey(grading)]) inFlight.set(key, (inFlight.get(key) ?? 0) + 1)
}

/** Groups and owners in the order in which their oldest came. */
function byGroupAndOwner(waiting: readonly InLine[]): Map<string, Map<string, InLine[]>> {
  const groups = Map.groupBy(waiting, groupKey)
  return new Map([...groups].map(([key, gradings]) => [key, Map.groupBy(gradings, ownerKey)]))
}

/** Among equals, who were never served, the first. */
function mostDeserving(keys: Iterable<string>, inFlight: Map<string, number>, served: LastServed): string {
  const busy = (key: string) => inFlight.get(key) ?? 0
  const last = (key: string) => served.get(key) ?? 0
  return [...keys].reduce((best, key) => ((busy(key) - busy(best) || last(key) - last(best)) < 0 ? key : best))
}
