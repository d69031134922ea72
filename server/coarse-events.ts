import { tickAfter } from '../core/coarse-time.ts'

/** An event as its reader sees it. `countOnly`: of a hidden test, so that when it is told would tell how long that took. */
export type Told = { id: number; at: number; countOnly: boolean; seen: { type: string } }

/**
 * Which of these events, in their order, are told now: all but the counts of hidden tests, which wait for the clock's next
 * tick or for an event behind them, whichever is first. Of those that wait for the same only the last is told.
 * `waitMs`: until more of them may be told; Infinity when that takes other events.
 */
export function tellable(events: readonly Told[], now: number): { due: Told[]; waitMs: number } {
  const lastOpen = events.findLastIndex(event => !event.countOnly)
  const due: Told[] = []
  for (const [index, event] of events.entries()) {
    if (!event.countOnly) {
      due.push(event)
      continue
    }
    const tick = tickAfter(event.at)
    if (index > lastOpen && tick > now) return { due, waitMs: tick - now }
    const next = events[index + 1]
    if (!next?.countOnly || tickAfter(next.at) !== tick) due.push(event)
  }
  return { due, waitMs: Infinity }
}
