/** Numbers that look drawn and are the same in every run: two stores of one seed hold the same history. */
export type Chance = {
  /** From 0 up to 1. */
  next(): number
  below(count: number): number
  /** One of the keys, as often as its weight says. */
  weighted<Key extends string>(weights: Record<Key, number>): Key
  /** An index below `count`, small ones much more often: a few exercises and owners make most of the traffic. */
  skewed(count: number): number
}

export function createChance(seed: number): Chance {
  let state = seed >>> 0
  // mulberry32
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (count: number) => Math.floor(next() * count)
  return {
    next,
    below,
    weighted: <Key extends string>(weights: Record<Key, number>) => {
      const entries = Object.entries(weights) as [Key, number][]
      let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
      for (const [key, weight] of entries) if ((left -= weight) < 0) return key
      return entries.at(-1)![0]
    },
    skewed: count => Math.floor(count * next() ** 2),
  }
}
