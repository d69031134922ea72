import { quantile } from '../measure/stats.ts'

/** How long somebody waited for one of their submissions. */
export type Wait = { owner: string; waitMs: number }

/**
 * What each owner's wait in `flood` is of the same owner's in `plain`, the 95th percentile of either. A wait shorter than
 * `unfeltMs` counts as that long: of two moments the ratio says nothing.
 */
export function waitRatios(plain: readonly Wait[], flood: readonly Wait[], unfeltMs: number): { owner: string; ratio: number }[] {
  const before = Map.groupBy(plain, each => each.owner)
  const p95 = (waits: readonly Wait[]) =>
    Math.max(
      unfeltMs,
      quantile(
        waits.map(each => each.waitMs),
        0.95,
      ),
    )
  return [...Map.groupBy(flood, each => each.owner)].flatMap(([owner, waits]) => {
    const own = before.get(owner)
    return own ? [{ owner, ratio: p95(waits) / p95(own) }] : []
  })
}

/** How far what was said is from what came, as a part of what came. */
export function relativeError(said: number, came: number): number {
  return Math.abs(said - came) / came
}
