import { describe, expect, test } from 'vitest'
import { comparisonSchema, type Comparison } from '../../../core/exercise.ts'
import { rowsDifferenceSchema } from '../../../core/report.ts'
import { compareRows, type Expected } from '../../../examiner/sql/comparison/compare.ts'
import { differenceSentence } from '../../../examiner/sql/comparison/difference-sentence.ts'

const INT = 23
const TEXT = 25
const BPCHAR = 1042
const FLOAT = 701
const NUMERIC = 1700
const DATE = 1082
const STAMP = 1114
const STAMPTZ = 1184
const JSON_TYPE = 114
const INTERVAL = 1186
const NUMERIC_ARRAY = 1231

type Rows = (string | null)[][]

function rowSet(rows: Rows, types: number[], names = types.map((_, index) => `c${index + 1}`), keys?: Rows): Expected {
  return { rows, columns: types.map((type, index) => ({ type, name: names[index]! })), ...(keys && { keys }) }
}

function compare(expected: Expected, actual: Expected, rules: Partial<Comparison> = {}) {
  const difference = compareRows(expected, actual, comparisonSchema.parse(rules))
  if (difference) rowsDifferenceSchema.parse(difference)
  return difference
}

describe('one cell', () => {
  const RUN = 300_000
  test.each<[string, type: number, cell: string]>([
    ['zeros', NUMERIC, `1${'0'.repeat(RUN)}1`],
    ['zeros after the point', NUMERIC, `0.${'0'.repeat(RUN)}1`],
    ['digits', NUMERIC, `${'1'.repeat(RUN)}x`],
    ['spaces', BPCHAR, `a${' '.repeat(RUN)}a`],
    ['dates', STAMP, `${'1'.repeat(RUN)}-01-01`],
    ['brackets', JSON_TYPE, '['.repeat(RUN)],
    ['numbers', JSON_TYPE, `[${'1.5,'.repeat(RUN)}1]`],
    ['braces', NUMERIC_ARRAY, '{'.repeat(RUN)],
    ['elements', NUMERIC_ARRAY, `{${'1,'.repeat(RUN)}1}`],
    ['digits of an interval', INTERVAL, '1'.repeat(RUN)],
  ])('of a long run of %s takes time by its length, not by the square of it', (_, type, cell) => {
    const began = performance.now()
    expect(compare(rowSet([['1']], [type]), rowSet([[cell]], [TEXT]))).toBeDefined()
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test.each<[type: number, expected: string | null, actual: string | null, same: boolean]>([
    [TEXT, null, null, true],
    [TEXT, null, '', false],
    [TEXT, '', null, false],
    [INT, '0', null, false],
    [TEXT, 'a', 'A', false],
    [TEXT, 'a', 'a ', false],
    [BPCHAR, 'a  ', 'a', true],
    [BPCHAR, ' a', 'a', false],
    [TEXT, '007', '7', false],
    [INT, '7', '007', true],
    [INT, '5', '5.000', true],
    [INT, '5', '5.0000001', false],
    [INT, '10000000001', '10000000002', false],
    [INT, '5', 'five', false],
    [NUMERIC, '10.50', '10.5', true],
    [NUMERIC, '1e3', '1000', true],
    [NUMERIC, '0.30', '0.30000000000000004', true],
    [NUMERIC, '100', '100.00001', false],
    [NUMERIC, '123456789012345678901234567890', '123456789012345678901234567891', false],
    [FLOAT, '0.1', '0.10000000001', true],
    [FLOAT, '0.1', '0.1001', false],
    [FLOAT, '0', '-0', true],
    [FLOAT, '0', '1e-12', true],
    [FLOAT, '1e-12', '2e-12', false],
    [FLOAT, 'NaN', 'NaN', true],
    [FLOAT, 'NaN', '0', false],
    [FLOAT, 'Infinity', 'Infinity', true],
    [FLOAT, 'Infinity', '-Infinity', false],
    [FLOAT, 'Infinity', '1e308', false],
    [FLOAT, '1e999', '1e998', false],
    [STAMPTZ, '2024-01-01 00:00:00+00', '2024-01-01 05:30:00+05:30', true],
    [STAMPTZ, '2024-01-01 00:00:00+00', '2024-01-01 00:00:00+01', false],
    [STAMP, '2024-01-01 00:00:00', '2024-01-01 00:00:00.000000', true],
    [STAMP, '2024-01-01 00:00:00', '2024-01-01 00:00:00.000001', false],
    [DATE, '2024-02-29', '2024-02-29 00:00:00', true],
    [DATE, '2024-02-29', '2024-02-29 00:00:01', false],
    [DATE, '0044-03-15 BC', '0044-03-15', false],
    [DATE, 'infinity', 'infinity', true],
    [STAMP, '294276-12-31 00:00:00', '294276-12-31 00:00:00', true],
    [JSON_TYPE, '{"a": 1, "b": [true]}', '{"b":[true],"a":1}', true],
    [JSON_TYPE, '[1, 2]', '[2, 1]', false],
    [JSON_TYPE, '['.repeat(9000), '['.repeat(9000), true],
  ])('type %i: %s and %s', (type, expected, actual, same) => {
    const difference = compare(rowSet([[expected]], [type]), rowSet([[actual]], [type]))
    expect(difference === undefined).toBe(same)
  })
})

describe('rows', () => {
  const columns = [INT, TEXT]
  const rows: Rows = [
    ['1', 'a'],
    ['2', 'b'],
    ['2', 'b'],
    ['3', null],
  ]
  const expected = rowSet(rows, columns)

  test('come in any order when the reference has none', () => {
    expect(compare(expected, rowSet(rows.toReversed(), columns))).toBeUndefined()
  })

  test('count as often as they are there', () => {
    expect(compare(expected, rowSet([rows[0]!, rows[0]!, rows[1]!, rows[3]!], columns))).toMatchObject({
      expectedRows: 4,
      actualRows: 4,
      missing: { count: 1, first: [['2', 'b']] },
      extra: { count: 1, first: [['1', 'a']] },
      wrongOrder: false,
    })
  })

  test('that only differ in order are said to', () => {
    const difference = compare(expected, rowSet(rows.toReversed(), columns), { order: 'ordered' })!
    expect(difference).toMatchObject({
      wrongOrder: true,
      missing: { count: 0 },
      firstCell: { row: 1, column: 'c1', expected: '1', actual: '3' },
    })
    expect(differenceSentence(difference)).toBe('the rows are right, but in the wrong order. Row 1, column c1: expected "1", got "3".')
  })

  test('are found by what they have in common, to show the first cell that is off', () => {
    const difference = compare(
      expected,
      rowSet(
        [
          ['3', ''],
          ['2', 'b'],
          ['2', 'b'],
          ['1', 'a'],
        ],
        columns,
      ),
    )!
    expect(difference.firstCell).toEqual({ row: 1, column: 'c2', expected: null, actual: '' })
    expect(differenceSentence(difference)).toBe(
      '4 rows as expected: 1 missing, 1 that should not be there. Row 1, column c2: expected NULL, got "".',
    )
  })

  test('of nothing equal nothing', () => {
    expect(compare(rowSet([], columns), rowSet([], columns))).toBeUndefined()
    expect(compare(rowSet([], columns, undefined, []), rowSet([['1', 'a']], columns))).toMatchObject({
      extra: { count: 1 },
      wrongOrder: false,
    })
  })

  test('find their partners within the tolerance, each once', () => {
    const floats = (values: string[]) =>
      rowSet(
        values.map(value => [value, 'x']),
        [FLOAT, TEXT],
      )
    expect(compare(floats(['0.3', '0.1', '0.2']), floats(['0.20000000000001', '0.30000000000001', '0.1']))).toBeUndefined()
    expect(compare(floats(['0.3', '0.3']), floats(['0.30000000000001', '0.4']))).toMatchObject({
      missing: { count: 1 },
      extra: { count: 1 },
    })
    const many = Array.from({ length: 5000 }, (_, index) => String(index / 7))
    expect(compare(floats(many), floats(many.toReversed().map(value => String(Number(value) * (1 + 1e-13)))))).toBeUndefined()
  })

  const NOISE = 1 + 1e-13
  const arrays = (rows: number[][]) =>
    rowSet(
      rows.map(row => [`{${row.join(',')}}`]),
      [NUMERIC_ARRAY],
    )

  test('of arrays of many lengths find their partners', () => {
    const rows = Array.from({ length: 3000 }, (_, n) => [n % 7, n % 5, n % 3, n].slice(n % 4).map(number => number / 3 - 1))
    const near = rows.toReversed().map(row => row.map(number => number * NOISE))
    expect(compare(arrays(rows), arrays(near))).toBeUndefined()
  })

  test('of long arrays that differ at their end find their partners in any order', () => {
    const rows = Array.from({ length: 150 }, (_, n) => [...Array.from({ length: 3000 }, () => 0.5), n + 0.5])
    const near = rows.toReversed().map(row => [...row.slice(0, -1), row.at(-1)! * NOISE])
    expect(compare(arrays(rows), arrays(near))).toBeUndefined()
  })

  test('find their partners though others were compared in vain as long as may be', () => {
    const rows = (length: number, end: number) => Array.from({ length }, () => [...Array.from({ length: 3000 }, () => 0.5), end])
    const named = (name: string, { rows: own }: Expected) => own.map(([cell]) => [name, cell!])
    const all = (wrong: number, right: number) =>
      rowSet([...named('a', arrays(rows(100, wrong))), ...named('b', arrays(rows(10, right)))], [TEXT, NUMERIC_ARRAY])
    expect(compare(all(1, 0.25), all(2, 0.25 * NOISE))).toMatchObject({ missing: { count: 100 }, extra: { count: 100 } })
  })

  test('find their partners where the first numbers of all differ by rounding alone', () => {
    const rows = (odd: number) => Array.from({ length: 2000 }, (_, n) => [n % 2 === odd ? '0.3' : '0.30000000000000004', String(n)])
    expect(compare(rowSet(rows(0), [FLOAT, INT]), rowSet(rows(1).toReversed(), [FLOAT, INT]))).toBeUndefined()
  })

  test('above what a report holds are cut', () => {
    const wide = rowSet(
      [Array.from({ length: 150 }, () => 'x'.repeat(5000))],
      Array.from({ length: 150 }, () => TEXT),
    )
    expect(compare(wide, { ...wide, rows: [] })).toMatchObject({ missing: { count: 1 } })
  })
})

describe('ties', () => {
  const sorted = (rows: Rows) =>
    rowSet(
      rows,
      [INT, TEXT],
      undefined,
      rows.map(row => [row[0]!]),
    )
  const expected = sorted([
    ['1', 'a'],
    ['2', 'b'],
    ['2', 'c'],
    ['3', 'd'],
  ])
  const actual = (text: string) =>
    rowSet(
      text.split(' ').map(pair => Array.from(pair)),
      [INT, TEXT],
    )

  test.each([
    ['1a 2b 2c 3d', 'same'],
    ['1a 2c 2b 3d', 'same'],
    ['2b 1a 2c 3d', 'order'],
    ['1a 2b 3d 2c', 'order'],
    ['1a 2b 2b 3d', 'rows'],
    ['1a 2b 2c', 'rows'],
    ['1a 2b 2c 3d 3d', 'rows'],
  ])('under the sort keys may permute: %s', (text, found) => {
    const difference = compare(expected, actual(text))
    expect(difference === undefined ? 'same' : difference.wrongOrder ? 'order' : 'rows').toBe(found)
  })

  test('don’t matter when the exercise asks for no order', () => {
    expect(compare(expected, actual('3d 2b 2c 1a'), { order: 'unordered' })).toBeUndefined()
  })
})

describe('columns', () => {
  const expected = rowSet([['1', 'a']], [INT, TEXT], ['id', 'Name'])
  test.each<[names: string[], rows: Rows, rules: Partial<Comparison>, same: boolean]>([
    [['id', 'name'], [['1', 'a']], {}, true],
    [['id', 'name'], [['1', 'a']], { columnNames: 'exact' }, false],
    [['x', 'y'], [['1', 'a']], {}, false],
    [['x', 'y'], [['1', 'a']], { columnNames: 'ignore' }, true],
    [['name', 'id'], [['a', '1']], {}, false],
    [['name', 'id'], [['a', '1']], { columnOrder: 'ignore' }, true],
    [['name', 'name'], [['a', '1']], { columnOrder: 'ignore' }, false],
    [['id'], [['1']], {}, false],
    [['id', 'name', 'more'], [['1', 'a', 'x']], { columnNames: 'ignore' }, false],
  ])('%j with %j and %j', (names, rows, rules, same) => {
    const difference = compare(
      expected,
      rowSet(
        rows,
        names.map(() => TEXT),
        names,
      ),
      rules,
    )
    expect(difference === undefined).toBe(same)
    if (difference) expect(differenceSentence(difference)).toBe(`expected the columns id, Name; got ${names.join(', ')}.`)
  })
})
