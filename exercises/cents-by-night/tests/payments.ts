/** What seed.sql makes of a payment's id and the grading's seed, as SQL over a column `id`. */
export function centsOf(seed: number): string {
  return `((id::bigint * 7919 + ${seed}) % 200000 - 1000)`
}

export const SEEDED = 30_000
