import { Heap } from './heap.ts'

/** A place in the line, and in how many milliseconds its turn comes; undefined while no worker is there. */
export type Forecast = Map<string, { position: number; startsInMs: number | undefined }>

type Expected = { gradingId: string; costMs: number }

/**
 * Plays the line through: each place that becomes free goes to the next in `line`. `running` says in how many milliseconds
 * each grading under way is expected to end, `handoverMs` how long a place stays empty between two.
 */
export function forecast({
  line,
  running,
  slots,
  handoverMs,
}: {
  line: Iterable<Expected>
  running: readonly number[]
  slots: number
  handoverMs: number
}): Forecast {
  const places: Forecast = new Map()
  // More may be running than there are places now, when a worker has gone: those end without making room.
  const busy = running.toSorted((one, other) => other - one).slice(0, slots)
  const free = Array.from({ length: slots - busy.length }, () => 0)
  const ends = new Heap([...busy.map(ms => ms + handoverMs), ...free], (one, other) => one < other)
  for (const { gradingId, costMs } of line) {
    const startsInMs = ends.first()
    places.set(gradingId, { position: places.size + 1, startsInMs })
    if (startsInMs !== undefined) ends.replaceFirst(startsInMs + costMs + handoverMs)
  }
  return places
}
