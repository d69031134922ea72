import { expect, test } from 'vitest'
import { sumOf } from '../../bench/designs/api.ts'
import { readOptions } from '../../bench/options.ts'

test('a whole run takes every case and writes its results', () => {
  expect(readOptions([], 2)).toMatchObject({ rounds: 12, windowMs: 5000, inFlight: [2, 4], pods: true, write: true })
})

test('a quick run, or a part of one, leaves the published results alone', () => {
  expect(readOptions(['--quick'], 2)).toMatchObject({ cases: ['endpoint', 'query'], pods: false, write: false })
  expect(readOptions(['--only', 'query,pods'], 2)).toMatchObject({ cases: ['query'], pods: true, write: false })
  expect(readOptions(['--only', 'query', '--write'], 2)).toMatchObject({ write: true })
})

test.each([
  [
    ['--only', 'endpoints'],
    '--only: expected some of endpoint, endpoint-db, query, migration, endpoint-files, endpoint-cold, pods, got "endpoints"',
  ],
  [['--rounds', '0'], '--rounds: expected a whole number from 1 to 9999, got "0"'],
])('%j is refused with what was expected', (args, message) => {
  expect(() => readOptions(args, 2)).toThrow(message)
})

test('help is no run', () => {
  expect(readOptions(['--help'], 2)).toBeUndefined()
})

test('a metric is summed over its lines, by a label where one is given', () => {
  const text = `# HELP pods Pods\n# TYPE pods gauge\npods{worker="a",state="ready"} 2\npods{worker="b",state="ready"} 1\npods{worker="a",state="making"} 4\npods_made{worker="a"} 9`
  expect(sumOf(text, 'pods')).toBe(7)
  expect(sumOf(text, 'pods', 'state="ready"')).toBe(3)
})
