import { expect, test } from 'vitest'
import type { Row } from '../../../examiner/sql/query/survivors/generate.ts'
import { shrink, type Shrinking } from '../../../examiner/sql/query/survivors/shrink.ts'

const rows = (values: readonly string[]): Row[] => values.map(value => ({ table: 't', values: { a: value, b: 'odd' } }))
const letters = rows(Array.from('abcdefghijklmnop'))

/** Holds while the wanted letters lie there; `a` is a key and stays, `b` is plain when it is "plain". */
const shrinking = (wanted: string, more: Partial<Shrinking> = {}): Shrinking => ({
  holds: async left => (Array.from(wanted).every(letter => left.some(row => row.values['a'] === letter)) ? [...left] : undefined),
  plain: (_, column) => (column === 'b' ? 'plain' : undefined),
  over: () => false,
  ...more,
})

test.each(['', 'a', 'p', 'hi', 'afp', 'abcdefghijklmnop'])('of many rows those that matter are left: %j', async wanted => {
  const left = await shrink(letters, shrinking(wanted))
  expect(left).toEqual(Array.from(wanted).map(letter => ({ table: 't', values: { a: letter, b: 'plain' } })))
})

test('a value that matters stays', async () => {
  const left = await shrink(
    letters,
    shrinking('', {
      holds: async some => (some.some(row => row.values['a'] === 'c' && row.values['b'] === 'odd') ? [...some] : undefined),
    }),
  )
  expect(left).toEqual(rows(['c']))
})

test('rows that fall out with others are gone', async () => {
  // Every row but the first refers to the one before it.
  const holds = async (some: readonly Row[]) => {
    const chain = some.filter((row, index) => row.values['a'] === letters[index]!.values['a'])
    return chain.length >= 3 ? chain : undefined
  }
  expect(await shrink(letters, shrinking('', { holds, plain: () => undefined }))).toEqual(rows(['a', 'b', 'c']))
})

test('when time is over, what is left is given', async () => {
  let asked = 0
  const given = shrinking('a')
  const left = await shrink(letters, { ...given, holds: some => (asked++, given.holds(some)), over: () => asked > 0 })
  expect(left.length).toBeLessThan(letters.length)
  expect(asked).toBe(1)
})
