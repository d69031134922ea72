import { expect, test } from 'vitest'
import { tellable, type Told } from '../../server/coarse-events.ts'

const open = (id: number, at: number): Told => ({ id, at, countOnly: false, seen: { type: 'test' } })
const count = (id: number, at: number): Told => ({ id, at, countOnly: true, seen: { type: 'test' } })

// A tick is at every fifth second: 10_000, 15_000 …
test.each<[string, events: Told[], now: number, due: number[], waitMs: number]>([
  ['nothing', [], 0, [], Infinity],
  ['open events at once', [open(1, 10_001), open(2, 10_002)], 10_003, [1, 2], Infinity],
  ['a count not before its tick', [open(1, 10_001), count(2, 12_000)], 12_001, [1], 2_999],
  ['a count at its tick', [count(2, 12_000)], 15_000, [2], Infinity],
  ['of the counts of one tick the last', [count(2, 11_000), count(3, 12_000), count(4, 15_000)], 15_000, [4], Infinity],
  ['later counts at the next tick', [count(2, 11_000), count(3, 15_001)], 15_002, [2], 4_998],
  ['what waits at once when something open follows', [count(2, 12_000), count(3, 12_001), open(4, 12_002)], 12_003, [3, 4], Infinity],
  [
    'afterwards no more than at the time',
    [count(2, 11_000), count(3, 12_000), count(4, 17_000), open(5, 18_000)],
    99_000,
    [3, 4, 5],
    Infinity,
  ],
])('tells %s', (_, events, now, due, waitMs) => {
  const told = tellable(events, now)
  expect(told.due.map(({ id }) => id)).toEqual(due)
  expect(told.waitMs).toBe(waitMs)
})
