import { expect, test } from 'vitest'
import { Removals } from '../../worker/sandbox/docker/removals.ts'

/** Removals that end when told to. */
function boxes(count: number) {
  const removals = new Removals()
  const begun: number[] = []
  const ends = Array.from({ length: count }, () => Promise.withResolvers<boolean>())
  const results = ends.map((end, at) =>
    removals.inTurn(() => {
      begun.push(at)
      return end.promise
    }),
  )
  return { begun, ends, results }
}

test('a few boxes are removed one after the other, in the order they came', async () => {
  const { begun, ends, results } = boxes(3)
  for (const at of [0, 1, 2]) {
    expect(begun).toHaveLength(at + 1)
    ends[at]!.resolve(true)
    await results[at]
    await Promise.resolve()
  }
  expect(begun).toEqual([0, 1, 2])
})

test.each([
  [1, 1],
  [4, 1],
  [5, 2],
  [10, 3],
  [50, 11],
])('of %i at once %i begin: a line that grows goes faster', async (count, atOnce) => {
  const { begun, ends, results } = boxes(count)
  await Promise.resolve()
  expect(begun).toHaveLength(atOnce)
  for (const end of ends) end.resolve(true)
  expect(await Promise.all(results)).toHaveLength(count)
  expect(begun.toSorted((one, other) => one - other)).toEqual(ends.keys().toArray())
})

test('one that fails says so and holds up nobody', async () => {
  const { ends, results } = boxes(2)
  ends[0]!.reject(new Error('away'))
  ends[1]!.resolve(true)
  await expect(results[0]).rejects.toThrow('away')
  expect(await results[1]).toBe(true)
})
