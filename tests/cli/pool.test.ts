import { expect, test } from 'vitest'
import { createPool } from '../../cli/pool.ts'

test('a pool runs no more than its size at a time, in order, and goes on after a failure', async () => {
  const pool = createPool(2)
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  const begun: number[] = []
  let running = 0
  let most = 0
  const work = gates.map((gate, at) =>
    pool(async () => {
      begun.push(at)
      most = Math.max(most, ++running)
      await gate.promise.finally(() => running--)
      return at
    }),
  )
  gates[1]!.reject(new Error('one fails'))
  await expect(work[1]).rejects.toThrow('one fails')
  expect(begun).toEqual([0, 1, 2])
  for (const gate of gates) gate.resolve()
  expect(await Promise.all([work[0], ...work.slice(2)])).toEqual([0, 2, 3, 4])
  expect(begun).toEqual([0, 1, 2, 3, 4])
  expect(most).toBe(2)
})
