import { describe, expect, test } from 'vitest'
import { EXAMINER_LINES } from '../../core/examiner-lines.ts'
import type { TestResult } from '../../core/report.ts'
import { seededRandom } from '../../examiner/authoring/seeded-random.ts'
import { bounded } from '../../examiner/bounded.ts'
import { cleanText, withoutTerminalCodes } from '../../examiner/clean-text.ts'
import { clipEnd, clipResult, clipResults } from '../../examiner/clip-results.ts'

test.each([
  ['plain', 'plain'],
  ['two\r\nlines\r', 'two\nlines'],
  ['\u001B[31mred\u001B[0m \u001B]8;;http://x\u0007link\u001B]8;;\u0007', 'red link'],
  ['nul\0 bell\u0007 \u0085', 'nul\uFFFD bell\uFFFD \uFFFD'],
  ['turned \u202E\u2066round', 'turned \uFFFD\uFFFDround'],
  ['lone \uD800 pair \u{1F600}', 'lone \uFFFD pair \u{1F600}'],
  ['x'.repeat(100), `${'x'.repeat(29)}…`],
  [`${'x'.repeat(28)}\u{1F600}${'y'.repeat(9)}`, `${'x'.repeat(28)}\uFFFD…`],
])('cleans %j', (text, clean) => {
  expect(cleanText(text, 30)).toBe(clean)
})

test.each(['\u001B]', '\u001B];', '\u001B[', '\u001B[;', '\u009B1;', '\u001B]x;', '\u001B(', '\u001B'])(
  'cleans eight megabytes of %j in the time of reading them',
  unit => {
    const line = unit.repeat(4000 / unit.length)
    const began = performance.now()
    for (let i = 0; i < 2000; i++) withoutTerminalCodes(line)
    // The most that a program may print. With node:util's pattern it is a minute.
    expect(performance.now() - began).toBeLessThan(5_000)
  },
)

describe('bounded', () => {
  test('leaves what is small as it is', () => {
    const value = { a: [1, 'two', null, undefined, { b: new Date(0), c: /x/ }], d: expect.any(String) }
    expect(bounded(value)).toEqual(value)
  })
  test.each([
    ['text', 'x'.repeat(5000), `${'x'.repeat(2000)}… (5000 characters)`],
    ['bytes', Buffer.alloc(100), '[100 bytes]'],
    ['items', Array.from({ length: 70 }, (_, i) => i), [...Array.from({ length: 60 }, (_, i) => i), '… 10 more']],
    ['depth', JSON.parse('['.repeat(10) + ']'.repeat(10)), [[[[[[[['[…]']]]]]]]]],
  ])('cuts %s', (_what, value, cut) => {
    expect(bounded(value)).toEqual(cut)
    expect(bounded(bounded(value))).toEqual(cut)
  })
  test('ends on what goes round, and keeps odd keys as keys', () => {
    const round: Record<string, unknown> = {}
    round['self'] = round
    expect(JSON.stringify(bounded(round))).toContain('{…}')
    expect(Object.keys(bounded(JSON.parse('{"__proto__":{"passed":true}}')) as object)).toEqual(['__proto__'])
  })
})

test('results of any size fit one message, each still there with its status', () => {
  const result = (at: number): TestResult => ({
    id: `t${at}`,
    status: at % 2 ? 'failed' : 'passed',
    durationMs: 1,
    message: 'é'.repeat(8000),
    schema: Array.from({ length: 100 }, () => ({ change: 'missing', object: 'x'.repeat(300), expected: 'y'.repeat(2000) })),
  })
  const results = Array.from({ length: 500 }, (_, at) => result(at))
  const clipped = clipResults(results)
  expect(Buffer.byteLength(JSON.stringify(clipped))).toBeLessThan(EXAMINER_LINES.maxLine)
  expect(clipped.map(({ id, status }) => ({ id, status }))).toEqual(results.map(({ id, status }) => ({ id, status })))
  expect(clipResults([result(1)])).toEqual([result(1)])
})

test('random data repeats by its seed and stays in its bounds', () => {
  const draw = (from: string) => {
    const random = seededRandom(from)
    return [
      random.integer(-3, 3),
      random.word(),
      random.uuid(),
      random.letters(12),
      random.pick(['a', 'b']),
      random.shuffle([1, 2, 3, 4, 5]),
    ]
  }
  expect(draw('1:a')).toEqual(draw('1:a'))
  expect(draw('1:a')).not.toEqual(draw('1:b'))
  const random = seededRandom('x')
  const seen = new Set(Array.from({ length: 500 }, () => random.integer(1, 6)))
  expect(seen).toEqual(new Set([1, 2, 3, 4, 5, 6]))
  expect(new Set(random.shuffle([1, 2, 3, 4, 5]))).toEqual(new Set([1, 2, 3, 4, 5]))
  expect(() => random.integer(2, 1)).toThrow('the smaller first')
  expect(() => random.pick([])).toThrow('at least one item')
})

test('a last word of any size fits one message, with every result in it', () => {
  const results = Array.from({ length: 500 }, (_, at) => ({
    id: `t${at}`,
    status: 'failed' as const,
    durationMs: 1,
    message: '\u0001'.repeat(8000),
  }))
  const statements = Array.from({ length: 1000 }, (_, at) => ({
    file: 'x'.repeat(300),
    number: at + 1,
    text: '\u0001'.repeat(2000),
    durationMs: 1,
    inTransaction: true,
  }))
  const sqlError = { code: '42601', message: '\u0001'.repeat(2000), statement: '\u0001'.repeat(10_000) }
  const end = clipEnd({ results, statements, sqlError })
  expect(Buffer.byteLength(JSON.stringify(end))).toBeLessThan(EXAMINER_LINES.maxLine)
  expect(end.results.map(({ id, status }) => [id, status])).toEqual(results.map(({ id, status }) => [id, status]))
  expect(clipEnd({ results: [], statements: statements.slice(0, 20) }).statements).toEqual(statements.slice(0, 20))
})

test('results that are told one by one are within what the worker takes of an examiner', () => {
  const rows = Array.from({ length: 10 }, () => Array.from({ length: 50 }, () => '\u0001'.repeat(2000)))
  const columns = { expected: [], actual: [] }
  const difference = {
    expectedRows: 1,
    actualRows: 1,
    columns,
    missing: { count: 10, first: rows },
    extra: { count: 10, first: rows },
    wrongOrder: false,
  }
  const told = clipResult({ id: 'one', status: 'failed', durationMs: 1, message: 'differs', rows: difference })
  expect(told).toMatchObject({ id: 'one', status: 'failed', message: 'differs' })
  expect(500 * Buffer.byteLength(JSON.stringify(told))).toBeLessThan(EXAMINER_LINES.maxTotal)
})
