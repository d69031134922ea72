/** "12 ms", "1.2 s", "2 min 5 s". */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Points without a tail of zeros: 2, 2.5, 0.33. */
export function points(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** "1 row", "3 rows". */
export function count(value: number, word: string): string {
  return `${value} ${word}${value === 1 ? '' : 's'}`
}
