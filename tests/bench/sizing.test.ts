import { expect, test } from 'vitest'
import { sizes } from '../../bench/sizing.ts'
import type { CaseResult } from '../../bench/results.ts'

const MiB = 2 ** 20
const at = (perMinute: number, bytesPerSlot: number): CaseResult => ({
  name: 'endpoint',
  title: '',
  tests: 1,
  latency: {},
  phases: {},
  saturation: { worker: [{ inFlight: 2, graded: 9, perMinute, secondsEach: 1, bytesPerSlot }] },
})

test('a mix takes the time of its parts, and memory by its largest', () => {
  // 0.1 s and 0.3 s each on two cores: a mix of both is done at 300 a minute.
  const [two, four] = sizes([at(600, 100 * MiB), at(200, 300 * MiB)], 2, 200 * MiB)!
  expect(two).toEqual({ cores: 2, slots: 2, perMinute: 300, learners: 1500, memoryBytes: (1024 + 600 + 2000) * MiB })
  expect(four).toMatchObject({ cores: 4, perMinute: 600, learners: 3000 })
})

test('nothing measured is nothing said', () => {
  expect(sizes([{ ...at(1, 1), saturation: {} }], 2, 0)).toBeUndefined()
})
