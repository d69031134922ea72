import { createHash } from 'node:crypto'

/** Random data that is the same whenever the same grading's seed comes again, in each test its own. */
export type Random = {
  /** A whole number from `min` to `max`, both included. */
  integer: (min: number, max: number) => number
  pick: <T>(items: readonly T[]) => T
  /** A copy in another order. */
  shuffle: <T>(items: readonly T[]) => T[]
  /** A made-up word of `syllables` syllables, such as "tavone". */
  word: (syllables?: number) => string
  /** `length` characters of a-z and 0-9. */
  letters: (length: number) => string
  /** A version 4 UUID. */
  uuid: () => string
}

/** `from`: any text; the same text gives the same numbers. */
export function seededRandom(from: string): Random {
  let counter = 0
  let block = Buffer.alloc(0)
  const nextBytes = () => {
    if (block.length === 0) block = createHash('sha256').update(`${from}:${counter++}`).digest()
    const value = block.readUInt32BE(0)
    block = block.subarray(4)
    return value
  }
  const integer = (min: number, max: number) => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max < min || max - min > 0xffff_ffff)
      throw new RangeError(`random.integer: expected two whole numbers, the smaller first, got ${min} and ${max}`)
    return min + Math.floor((nextBytes() / 0x1_0000_0000) * (max - min + 1))
  }
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('random.pick: expected at least one item')
    return items[integer(0, items.length - 1)]!
  }
  const shuffle = <T>(items: readonly T[]): T[] => {
    const copy = [...items]
    for (let last = copy.length - 1; last > 0; last--) {
      const other = integer(0, last)
      const moved = copy[last]!
      copy[last] = copy[other]!
      copy[other] = moved
    }
    return copy
  }
  const characterOf = (text: string) => text.charAt(integer(0, text.length - 1))
  const hex = (length: number) => Array.from({ length }, () => integer(0, 15).toString(16)).join('')
  return {
    integer,
    pick,
    shuffle,
    word: (syllables = 3) => Array.from({ length: syllables }, () => characterOf('bdfgklmnprstvz') + characterOf('aeiou')).join(''),
    letters: length => Array.from({ length }, () => characterOf('abcdefghijklmnopqrstuvwxyz0123456789')).join(''),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${characterOf('89ab')}${hex(3)}-${hex(12)}`,
  }
}
