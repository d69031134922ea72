import { Heap } from './heap.ts'
import type { InLine } from './store.ts'

/*
 * Who comes next, and who has had how much. Two clocks that count work instead of time, one of the groups and one of the
 * owners within each group ("start-time fair queueing", Goyal, Vin and Cheng 1996): each place goes to the group that has
 * had least for its weight, and in it to the owner who has had least; of that owner, to the oldest. What a grading costs
 * is the time that it usually takes, so that slow exercises wait for themselves.
 *
 * A group weighs the square root of its owners who wait: a big course gets more than a small one, but less for each head;
 * and one owner who floods a small course has the share of one, whatever the course would have when all of it waits.
 *
 * Who comes back after a pause begins where the clock stands: unused shares aren't saved up. So nothing needs to be
 * remembered of those that the clock has passed, and a restart that forgets everything costs nobody more than a turn.
 */

/** A grading in the line, and what it will cost. */
export type Costed = Omit<InLine, 'token'> & { costMs: number }

/** What one has had, on the clock of those it shares with. */
type Had = Map<string, number>
type Group = { clock: number; owners: Had }
type Charge = { group: string; owner: string; ms: number; weight: number }

/** Above so many owners of a group, those that its clock has passed are forgotten. */
const OWNERS_REMEMBERED = 5_000

export class FairShares {
  #clock = 0
  readonly #had: Had = new Map()
  readonly #groups = new Map<string, Group>()
  readonly #charges = new Map<string, Charge>()

  /** Notes that a grading was given its place. `owners`: how many of its group wait or did until now. */
  charge({ gradingId, group, owner, costMs: ms }: Costed, owners: number): void {
    if (this.#charges.has(gradingId)) return
    const weight = weightOf(owners)
    const within = this.#group(group)
    this.#clock = Math.max(this.#clock, this.#had.get(group) ?? 0)
    this.#had.set(group, this.#clock + ms / weight)
    within.clock = Math.max(within.clock, within.owners.get(owner) ?? 0)
    within.owners.set(owner, within.clock + ms)
    this.#charges.set(gradingId, { group, owner, ms, weight })
    if (within.owners.size > OWNERS_REMEMBERED) for (const [each, had] of within.owners) if (had <= within.clock) within.owners.delete(each)
  }

  /**
   * All that wait, in the order in which they come next as things stand; regrades when nothing else is left. `waiting`
   * comes oldest first. Only looks: `charge` notes what was really given.
   */
  *order<Waiting extends Costed>(waiting: readonly Waiting[]): Generator<Waiting> {
    let clock = this.#clock
    const had: Had = new Map(this.#had)
    for (const behind of [false, true]) {
      const lane = waiting.filter(grading => grading.behind === behind)
      const groups = [...Map.groupBy(lane, grading => grading.group)].map(([name, gradings]) => ({
        name,
        start: Math.max(had.get(name) ?? 0, clock),
        owners: this.#ownersOf(name, gradings),
      }))
      while (groups.length > 0) {
        const group = groups.reduce((best, each) => (each.start < best.start ? each : best))
        const weight = weightOf(group.owners.size)
        const next = takeNext(group.owners)
        clock = group.start
        group.start += next.costMs / weight
        had.set(group.name, group.start)
        if (group.owners.size === 0) groups.splice(groups.indexOf(group), 1)
        yield next
      }
    }
  }

  /** One that runs longer than it was charged for costs what it takes: an endless program is paid by who handed it in. */
  ran(gradingId: string, ms: number): void {
    const charge = this.#charges.get(gradingId)
    if (charge && ms > charge.ms) this.#add(charge, ms - charge.ms)
  }

  /** It didn't get its place after all. */
  refund(gradingId: string): void {
    const charge = this.#charges.get(gradingId)
    if (!charge) return
    this.#add(charge, -charge.ms)
    this.#charges.delete(gradingId)
  }

  /** It is over: what it was charged for stands. */
  forget(gradingId: string): void {
    this.#charges.delete(gradingId)
  }

  #add(charge: Charge, ms: number): void {
    charge.ms += ms
    this.#had.set(charge.group, (this.#had.get(charge.group) ?? 0) + ms / charge.weight)
    const { owners } = this.#group(charge.group)
    owners.set(charge.owner, (owners.get(charge.owner) ?? 0) + ms)
  }

  #group(name: string): Group {
    let group = this.#groups.get(name)
    if (!group) this.#groups.set(name, (group = { clock: 0, owners: new Map() }))
    return group
  }

  #ownersOf<Waiting extends Costed>(name: string, gradings: readonly Waiting[]): Heap<Owner<Waiting>> {
    const { clock, owners: had } = this.#groups.get(name) ?? { clock: 0, owners: new Map<string, number>() }
    const owners = new Map<string, Owner<Waiting>>()
    for (const [at, grading] of gradings.entries()) {
      const owner = owners.get(grading.owner)
      if (owner) owner.own.push(grading)
      else owners.set(grading.owner, { start: Math.max(had.get(grading.owner) ?? 0, clock), oldest: at, next: 0, own: [grading] })
    }
    // Of two who have had alike, the one who has waited longer.
    return new Heap(owners.values(), (one, other) => one.start < other.start || (one.start === other.start && one.oldest < other.oldest))
  }
}

type Owner<Waiting> = { start: number; oldest: number; next: number; own: Waiting[] }

function takeNext<Waiting extends Costed>(owners: Heap<Owner<Waiting>>): Waiting {
  const owner = owners.first()!
  const grading = owner.own[owner.next++]!
  owner.start += grading.costMs
  if (owner.next === owner.own.length) owners.pop()
  else owners.replaceFirst(owner)
  return grading
}

function weightOf(owners: number): number {
  return Math.sqrt(Math.max(1, owners))
}
