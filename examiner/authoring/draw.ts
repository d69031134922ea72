import { createHash } from 'node:crypto'

/** Numbers, and what is chosen by them. */
export type Draw = {
  /** A whole number from `min` to `max`, both included. */
  integer: (min: number, max: number) => number
  /** True once in two times, or with the given chance. */
  boolean: (chance?: number) => boolean
  pick: <T>(items: readonly T[]) => T
  /** That many different items, in any order. */
  sample: <T>(items: readonly T[], count: number) => T[]
  /** A copy in another order. */
  shuffle: <T>(items: readonly T[]) => T[]
  /** `length` characters of a-z and 0-9. */
  letters: (length: number) => string
  /** A version 4 UUID. */
  uuid: () => string
  /** Draws with `make` until it gives what no call of `unique` gave in this test: `random.unique(random.email)`. */
  unique: <T>(make: () => T) => T
}

/** So many draws in a row that were all there already say that there are no others. */
const TRIES = 1_000

/** `from`: any text; the same text gives the same numbers. */
export function drawFrom(from: string): Draw {
  const numbers = numbersFrom(from)
  const given = new Set<string>()
  const integer = (min: number, max: number) => {
    if (!Number.isSafeInteger(min) || !Number.isSafeInteger(max) || max < min || max - min > 0xffff_ffff)
      throw new RangeError(`random.integer: expected two whole numbers, the smaller first, got ${min} and ${max}`)
    return min + Math.floor((numbers() / 0x1_0000_0000) * (max - min + 1))
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
  const sample = <T>(items: readonly T[], count: number): T[] => {
    if (count > items.length) throw new RangeError(`random.sample: expected at most ${items.length}, as there are items, got ${count}`)
    return shuffle(items).slice(0, count)
  }
  const unique = <T>(make: () => T): T => {
    for (let tries = 0; tries < TRIES; tries++) {
      const value = make()
      const key = JSON.stringify(value)
      if (given.has(key)) continue
      given.add(key)
      return value
    }
    throw new RangeError(`random.unique: ${TRIES} draws gave nothing new; draw from more`)
  }
  const character = (text: string) => text.charAt(integer(0, text.length - 1))
  const hex = (length: number) => Array.from({ length }, () => integer(0, 15).toString(16)).join('')
  return {
    integer,
    boolean: (chance = 0.5) => numbers() / 0x1_0000_0000 < chance,
    pick,
    sample,
    shuffle,
    letters: length => Array.from({ length }, () => character('abcdefghijklmnopqrstuvwxyz0123456789')).join(''),
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-${character('89ab')}${hex(3)}-${hex(12)}`,
    unique,
  }
}

/** Whole numbers below 2³², from SHA-256 over a counter: nothing of what comes can be told from what came. */
function numbersFrom(from: string): () => number {
  let counter = 0
  let block = Buffer.alloc(0)
  return () => {
    if (block.length === 0) block = createHash('sha256').update(`${from}:${counter++}`).digest()
    const value = block.readUInt32BE(0)
    block = block.subarray(4)
    return value
  }
}
