/** What a list of figures comes to. Medians first: one slow round must not colour the whole. */
export type Spread = { n: number; min: number; p25: number; p50: number; p75: number; p95: number; max: number }

/** The value below which the share `q` (0 to 1) of the values lies, interpolated between neighbours; NaN of an empty list. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((one, other) => one - other)
  const place = (sorted.length - 1) * q
  const below = sorted[Math.floor(place)]
  const above = sorted[Math.ceil(place)]
  if (below === undefined || above === undefined) return Number.NaN
  return below + (above - below) * (place - Math.floor(place))
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

export function spread(values: readonly number[]): Spread {
  const at = (q: number) => quantile(values, q)
  return { n: values.length, min: at(0), p25: at(0.25), p50: at(0.5), p75: at(0.75), p95: at(0.95), max: at(1) }
}
