import { expect, test } from 'vitest'
import { limitsSchema } from '../../core/limits-schema.ts'
import { LIMITS, parseDuration, parseSize } from '../../core/limits.ts'

test.each([
  ['256m', 256 * 1024 ** 2],
  ['1 GiB', 1024 ** 3],
  ['64k', 65_536],
  [1024, 1024],
  ['lots', undefined],
  ['-1m', undefined],
])('size %j is %j bytes', (text, bytes) => {
  expect(parseSize(text)).toBe(bytes)
})

test.each([
  ['5s', 5000],
  ['250ms', 250],
  ['1m', 60_000],
  ['5', undefined],
  ['soon', undefined],
  [5, undefined],
  [5000, 5000],
])('duration %j is %j ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

test('what an exercise leaves out takes its default', () => {
  expect(limitsSchema.parse({ memory: '512m' })).toEqual({
    ...Object.fromEntries(Object.entries(LIMITS).map(([name, limit]) => [name, limit.default])),
    memory: 512 * 1024 ** 2,
  })
})

test.each([
  [{ memory: 'lots' }, 'expected a size such as "256m", got "lots"'],
  [{ test: '45s' }, 'above the ceiling of 30000 ms'],
  [{ speed: 1 }, 'speed'],
])('%j is refused with words', (given, words) => {
  const { error } = limitsSchema.safeParse(given)
  expect(error?.issues.map(issue => issue.message).join()).toContain(words)
})

test('limits that were read once can be read again, as a bundle is where it arrives', () => {
  const once = limitsSchema.parse({ test: '2s', memory: '1g' })
  expect(limitsSchema.parse(once)).toEqual(once)
})
