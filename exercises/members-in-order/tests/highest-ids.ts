/** The highest ids that seed.sql ever gave, also when their rows are gone: it works them out from the grading's seed in the same way. */
export function highestIds(seed: number): { member: number; payment: number } {
  return { member: 110 + (seed % 30), payment: 280 + (seed % 40) }
}
