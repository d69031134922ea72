/*
 * How many pods to have ready, decided from what was asked for lately. Every exercise that is on offer has one, as far as the
 * memory goes; one that is asked for often has as many as are used up while others are made.
 */

/** What is known of one exercise's pods. */
export type Demand = {
  /** What one pod of it takes while it waits. */
  bytes: number
  takesPerMinute: number
  /** How long one takes to make. */
  makingMs: number
  /** When one was last asked for; undefined when nobody has yet. */
  lastTakenAt: number | undefined
  /** In the library now. One that no longer is may still be asked for. */
  offered: boolean
}

/** Nobody waits for an exercise that was last asked for so long ago, unless it is on offer. */
const FORGOTTEN_MS = 30 * 60_000
const MOST_OF_ONE = 4
/** Beyond one for each exercise, so many for each slot: a machine that is busy grading gains nothing by more. */
const FURTHER_PER_SLOT = 2
/** Demand is uneven: have twice what it takes on average. */
const HEADROOM = 2

/** How many pods each should have ready, in the order given; together they stay within the memory. */
export function targets(demands: readonly Demand[], { memoryBytes, slots }: { memoryBytes: number; slots: number }, now: number): number[] {
  const wanted = demands.map(demand => wantedOf(demand, now))
  const given = demands.map(() => 0)
  let left = memoryBytes
  let further = FURTHER_PER_SLOT * slots
  const recentFirst = demands.map((_, index) => index).toSorted((one, other) => taken(demands[other]!) - taken(demands[one]!))
  // One for each before a second for any.
  for (let round = 1; round <= MOST_OF_ONE; round++) {
    for (const index of recentFirst) {
      const { bytes } = demands[index]!
      if (wanted[index]! < round || bytes > left || (round > 1 && further-- <= 0)) continue
      given[index] = round
      left -= bytes
    }
  }
  return given
}

function wantedOf({ takesPerMinute, makingMs, lastTakenAt, offered }: Demand, now: number): number {
  const remembered = lastTakenAt !== undefined && now - lastTakenAt < FORGOTTEN_MS
  if (!remembered && !offered) return 0
  return Math.min(MOST_OF_ONE, 1 + Math.ceil((takesPerMinute / 60_000) * makingMs * HEADROOM))
}

const taken = ({ lastTakenAt }: Demand) => lastTakenAt ?? 0

/** A further subject box costs as much as a restart of the program saves: only who is asked for now and then has them. */
const BUSY_PER_MINUTE = 20
const MOST_SPARES = 2

/** How many restarts of the program a pod made ahead shall serve by boxes of their own. */
export function sparesFor({ restarts, takesPerMinute }: { restarts: number; takesPerMinute: number }): number {
  return takesPerMinute > BUSY_PER_MINUTE ? 0 : Math.min(restarts, MOST_SPARES)
}
