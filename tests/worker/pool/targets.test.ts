import { describe, expect, test } from 'vitest'
import { sparesFor, targets, type Demand } from '../../../worker/pool/targets.ts'

const MINUTE = 60_000
const NOW = 1_000 * MINUTE
const GiB = 1024 ** 3

function demand(given: Partial<Demand> = {}): Demand {
  return { bytes: GiB / 4, takesPerMinute: 0, makingMs: 1_000, lastTakenAt: undefined, offered: true, ...given }
}

const busy = demand({ takesPerMinute: 600, makingMs: 5_000, lastTakenAt: NOW })

describe('how many pods to have ready', () => {
  test.each<[string, Demand[], number, number[]]>([
    ['one of each on offer', [demand(), demand()], GiB, [1, 1]],
    ['none of what nobody offers or asked for lately', [demand({ offered: false, lastTakenAt: NOW - 31 * MINUTE })], GiB, [0]],
    ['one of what was asked for lately, though no longer on offer', [demand({ offered: false, lastTakenAt: NOW - 29 * MINUTE })], GiB, [1]],
    ['twice what is used up while others are made, and one', [demand({ takesPerMinute: 60, lastTakenAt: NOW })], 4 * GiB, [3]],
    ['no more than two for each slot beyond the first ones', [busy, busy, busy], 64 * GiB, [3, 3, 3]],
    ['no more than four', [demand({ takesPerMinute: 600, makingMs: 5_000, lastTakenAt: NOW })], 64 * GiB, [4]],
    ['none without memory', [demand()], 0, [0]],
    [
      'the one asked for last when memory is for one only',
      [demand({ lastTakenAt: 1 }), demand({ lastTakenAt: 2 }), demand()],
      GiB / 4,
      [0, 1, 0],
    ],
    ['one for each before a second for any', [demand({ takesPerMinute: 60, lastTakenAt: NOW }), demand()], GiB / 2, [1, 1]],
    ['the smaller where the larger doesn’t fit', [demand({ bytes: GiB, lastTakenAt: NOW }), demand()], GiB / 2, [0, 1]],
  ])('%s', (_, demands, budget, expected) => {
    expect(targets(demands, { memoryBytes: budget, slots: 3 }, NOW)).toEqual(expected)
  })
})

test.each([
  [{ restarts: 0, takesPerMinute: 0 }, 0],
  [{ restarts: 1, takesPerMinute: 5 }, 1],
  [{ restarts: 9, takesPerMinute: 5 }, 2],
  [{ restarts: 2, takesPerMinute: 60 }, 0],
])('%o has %i spare subject boxes', (given, expected) => {
  expect(sparesFor(given)).toBe(expected)
})
