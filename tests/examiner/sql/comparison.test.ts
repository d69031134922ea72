import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manifestSchema, type Comparison, type QueryManifest } from '../../../core/exercise.ts'
import { compareRows } from '../../../examiner/sql/comparison/compare.ts'
import { askReading } from '../../../examiner/sql/learner-session.ts'
import { expectedRows, readReference } from '../../../examiner/sql/query/reference-answer.ts'
import { PRINTING } from '../../../examiner/sql/roles.ts'
import { killerOn, type Killer } from '../../../examiner/sql/run-statement.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

/* The rules of comparing, each by two statements on a real server: the reference's and a learner's. */
let server: TestServer
let session: Client
let admin: Client
let killer: Killer

beforeAll(async () => {
  server = await startPostgres()
  admin = await server.connect('assay', 'postgres')
  session = await server.connect('assay', 'postgres')
  killer = killerOn(admin)
  for (const [name, value] of Object.entries(PRINTING)) await session.query(`SET ${name} = '${value}'`)
  await session.query(`
    CREATE TABLE t (id int PRIMARY KEY, name text, score numeric, note text);
    INSERT INTO t VALUES (1, 'Ada', 5.0, ''), (2, 'bob', 5.00, NULL), (3, 'Cy', 7, 'x'), (4, 'Di', NULL, 'x'), (5, 'Ed', 3, 'y')`)
}, 60_000)
afterAll(async () => {
  await session?.end()
  await admin?.end()
  await server?.[Symbol.asyncDispose]()
})

function manifestOf(comparison: Partial<Comparison>): QueryManifest {
  const dataset = (id: string) => ({ id, name: id, task: 'one', file: 'd.sql', visibility: 'visible' })
  const tasks = [{ id: 'one', title: 'One' }]
  const datasets = [dataset('a'), dataset('b')]
  return manifestSchema.parse({ kind: 'query', title: 'T', difficulty: 'easy', tasks, datasets, comparison }) as QueryManifest
}

async function compare(reference: string, query: string, comparison: Partial<Comparison> = {}) {
  const manifest = manifestOf(comparison)
  const expected = await expectedRows(session, await readReference(manifest, { 'reference.sql': reference }), manifest, killer)
  await session.query('ROLLBACK')
  if ('type' in expected) throw new Error(JSON.stringify(expected))
  const actual = await askReading(session, query, manifest, killer)
  await session.query('ROLLBACK')
  if (actual.type !== 'rows') throw new Error(JSON.stringify(actual))
  const difference = compareRows(expected, actual, manifest.comparison)
  return difference === undefined
    ? 'same'
    : difference.wrongOrder
      ? 'order'
      : difference.missing.count + difference.extra.count > 0
        ? 'rows'
        : 'columns'
}

type Case = [what: string, reference: string, query: string, found: string, rules?: Partial<Comparison>]

describe('the order', () => {
  test.each<Case>([
    ['doesn’t count where the reference has none', 'SELECT id FROM t', 'SELECT id FROM t ORDER BY id DESC', 'same'],
    ['counts where it has one', 'SELECT id FROM t ORDER BY id', 'SELECT id FROM t ORDER BY id DESC', 'order'],
    ['of a subquery doesn’t count', 'SELECT * FROM (SELECT id FROM t ORDER BY id) x', 'SELECT id FROM t ORDER BY id DESC', 'same'],
    ['counts where the exercise says so', 'SELECT id FROM t', 'SELECT id FROM t ORDER BY id DESC', 'order', { order: 'ordered' }],
    [
      'doesn’t count where the exercise says that',
      'SELECT id FROM t ORDER BY id',
      'SELECT id FROM t ORDER BY id DESC',
      'same',
      { order: 'unordered' },
    ],
    ['is free among ties', 'SELECT id FROM t ORDER BY note NULLS FIRST', 'SELECT id FROM t ORDER BY note NULLS FIRST, id DESC', 'same'],
    ['of NULLs counts', 'SELECT note FROM t ORDER BY note', 'SELECT note FROM t ORDER BY note NULLS FIRST', 'order'],
    ['by a number in SELECT', 'SELECT note, id FROM t ORDER BY 1', 'SELECT note, id FROM t ORDER BY 1, 2 DESC', 'same'],
    ['by an expression', 'SELECT id FROM t ORDER BY length(name)', 'SELECT id FROM t ORDER BY length(name), id DESC', 'same'],
    [
      'by numbers that are equal but not printed so',
      'SELECT id, score FROM t ORDER BY score',
      'SELECT id, score FROM t ORDER BY score, id DESC',
      'same',
    ],
    ['of a UNION', 'SELECT id FROM t UNION SELECT 9 ORDER BY id', 'SELECT id FROM t UNION SELECT 9 ORDER BY id DESC', 'order'],
    [
      'of groups',
      'SELECT note, count(*) FROM t GROUP BY note ORDER BY count(*) DESC',
      'SELECT note, count(*) FROM t GROUP BY note ORDER BY count(*) DESC, note',
      'same',
    ],
  ])('%s', async (_, reference, query, found, rules) => {
    expect(await compare(reference, query, rules)).toBe(found)
  })
})

describe('ties that LIMIT cuts through', () => {
  const FIRST = 'SELECT id, note FROM t WHERE note IS NOT NULL ORDER BY note DESC'
  test.each<Case>([
    [
      'any of them is right',
      'SELECT id FROM t WHERE id > 2 ORDER BY note LIMIT 1',
      'SELECT id FROM t WHERE id > 2 ORDER BY note, id DESC LIMIT 1',
      'same',
    ],
    ['after rows that don’t tie', `${FIRST} LIMIT 2`, `${FIRST}, id DESC LIMIT 2`, 'same'],
    ['at the other end', `${FIRST} OFFSET 2`, `${FIRST}, id DESC OFFSET 2`, 'same'],
    ['and in another way of saying it', `${FIRST} FETCH FIRST 2 ROWS ONLY`, `${FIRST}, id LIMIT 2`, 'same'],
    ['a row that doesn’t tie is wrong', `${FIRST} LIMIT 2`, `(${FIRST} LIMIT 1) UNION ALL SELECT 1, ''`, 'rows'],
    ['one of them twice is wrong', `${FIRST} LIMIT 3`, `SELECT id, note FROM (VALUES (5, 'y'), (3, 'x'), (3, 'x')) v (id, note)`, 'rows'],
    ['more of them are wrong', `${FIRST} LIMIT 2`, `${FIRST} LIMIT 3`, 'rows'],
    [
      'by an expression that isn’t shown',
      'SELECT id FROM t ORDER BY length(name) DESC LIMIT 2',
      'SELECT id FROM t ORDER BY length(name) DESC, id DESC LIMIT 2',
      'same',
    ],
    [
      'WITH TIES means all of them',
      'SELECT id FROM t WHERE id > 2 ORDER BY note FETCH FIRST 1 ROW WITH TIES',
      'SELECT id FROM t WHERE id > 2 ORDER BY note LIMIT 1',
      'rows',
    ],
    [
      'also where the order doesn’t count',
      `${FIRST} LIMIT 2`,
      `SELECT * FROM (${FIRST}, id DESC LIMIT 2) x ORDER BY id`,
      'same',
      { order: 'unordered' },
    ],
  ])('%s', async (_, reference, query, found, rules) => {
    expect(await compare(reference, query, rules)).toBe(found)
  })
})

describe('a value', () => {
  test.each<[reference: string, query: string, found: string, rules?: Partial<Comparison>]>([
    [`NULL::text`, `''`, 'rows'],
    [`''`, `NULL`, 'rows'],
    [`NULL::int`, `0`, 'rows'],
    [`'a'`, `'A'`, 'rows'],
    [`'a'`, `'a '`, 'rows'],
    [`'a'::char(5)`, `'a'`, 'same'],
    [`5`, `5.00`, 'same'],
    [`5::bigint`, `'5'`, 'same'],
    [`10000000001`, `10000000002`, 'rows'],
    [`0.1::float8 + 0.2`, `0.3`, 'same'],
    [`1::numeric / 3`, `1::float8 / 3`, 'same'],
    [`1::numeric / 3`, `0.3333`, 'rows'],
    [`1::numeric / 3`, `0.3333`, 'same', { tolerance: 1e-3 }],
    [`0.0`, `1e-12`, 'same'],
    [`0.0`, `1e-12`, 'rows', { tolerance: 0 }],
    [`'NaN'::float8`, `'NaN'::numeric`, 'same'],
    [`'NaN'::float8`, `NULL`, 'rows'],
    [`'-0'::float8`, `0`, 'same'],
    [`'Infinity'::float8`, `'infinity'::numeric`, 'same'],
    [`'Infinity'::float8`, `'-Infinity'::float8`, 'rows'],
    [`timestamptz '2027-06-30 22:00-02'`, `timestamptz '2027-07-01 00:00+00'`, 'same'],
    [`timestamptz '2027-07-01 00:00+00'`, `timestamp '2027-07-01 00:00'`, 'same'],
    [`timestamptz '2027-07-01 00:00+00'`, `timestamptz '2027-07-01 00:00+00' AT TIME ZONE 'Asia/Tokyo'`, 'rows'],
    [`timestamptz '2027-07-01 00:00+00'`, `set_config('TimeZone', 'Asia/Tokyo', true)::text`, 'rows'],
    [`date '2027-07-01'`, `timestamp '2027-07-01 00:00'`, 'same'],
    [`date '2027-07-01'`, `timestamp '2027-07-01 00:00:00.000001'`, 'rows'],
    [`date 'infinity'`, `timestamp 'infinity'`, 'same'],
    [`interval '1 day'`, `interval '24 hours'`, 'same'],
    [`interval '1 month'`, `interval '30 days'`, 'same'],
    [`interval '-1 day +02:00'`, `interval '-22 hours'`, 'same'],
    [`interval '1 year 2 months 3 days 04:05:06.789'`, `interval '14 months 3 days 04:05:06.79'`, 'rows'],
    [`interval 'infinity'`, `interval 'infinity'`, 'same'],
    [`interval '0'`, `interval '0 days'`, 'same'],
    [`true`, `1 = 1`, 'same'],
    [`'{"a": 1.0, "b": [1, null]}'::jsonb`, `'{"b": [1, null], "a": 1}'::json`, 'same'],
    [`'{"a": 12345678901234567890}'::jsonb`, `'{"a": 12345678901234567891}'::jsonb`, 'rows'],
    [`'[1e2, 0.1, 1e400]'::jsonb`, `'[100, 0.10, 1e400]'::json`, 'same'],
    [`'{"a": "5"}'::jsonb`, `'{"a": 5}'::jsonb`, 'rows'],
    [`'["5e0"]'::jsonb`, `'[5]'::jsonb`, 'rows'],
    [`ARRAY[1, 2.50, NULL]`, `ARRAY[1.0, 2.5, NULL]`, 'same'],
    [`ARRAY[1, 2]`, `ARRAY[2, 1]`, 'rows'],
    [`ARRAY[1, NULL]`, `ARRAY[1]`, 'rows'],
    [`'{{1,2},{3,4}}'::int[]`, `'{1,2,3,4}'::int[]`, 'rows'],
    [`'[0:1]={1,2}'::int[]`, `'{1,2}'::int[]`, 'rows'],
    [`ARRAY['a,b', 'NULL', NULL, '']`, `ARRAY['a,b', 'NULL', NULL, '']`, 'same'],
    [`ARRAY['NULL']`, `ARRAY[NULL]::text[]`, 'rows'],
    [`ARRAY[timestamptz '2027-07-01 00:00+00']`, `ARRAY[timestamptz '2027-06-30 22:00-02']`, 'same'],
    [`ARRAY['{"a": 1}'::jsonb]`, `ARRAY['{"a": 1.0}'::jsonb]`, 'same'],
    [`ARRAY[0.1::float8 + 0.2, 1]`, `ARRAY[0.3, 1]`, 'same'],
    [`ARRAY[1::numeric / 3]`, `ARRAY[1::float8 / 3]`, 'same'],
    [`ARRAY[1::numeric / 3]`, `ARRAY[0.3333]`, 'rows'],
    [`ARRAY[1::numeric / 3]`, `ARRAY[0.3333]`, 'same', { tolerance: 1e-3 }],
    [`ARRAY[0.5, 1::numeric / 3]`, `ARRAY[0.5, 0.3333]`, 'rows', { tolerance: 1e-5 }],
    [`ARRAY[0.0]`, `ARRAY[1e-12]`, 'same'],
    [`ARRAY[0.0]`, `ARRAY[1e-12]`, 'rows', { tolerance: 0 }],
    [`ARRAY[10000000001, 0.5]`, `ARRAY[10000000002, 0.5]`, 'rows'],
    [`'{{0.1,0.2},{NULL,0.3}}'::numeric[]`, `'{{0.1,0.2},{NULL,0.3000000000001}}'::float8[]`, 'same'],
    [`'{{0.1,0.2},{0.3,0.4}}'::numeric[]`, `'{0.1,0.2,0.3,0.4000000000001}'::numeric[]`, 'rows'],
    [`'{{0.1},{0.2}}'::numeric[]`, `'{{0.1,0.2000000000001}}'::numeric[]`, 'rows'],
    [`'[0:0]={0.1}'::numeric[]`, `'{0.1000000000001}'::numeric[]`, 'rows'],
    [`ARRAY[0.1, NULL]`, `ARRAY[0.1000000000001, 0]`, 'rows'],
    [`ARRAY[NULL, 0.1]`, `ARRAY[0.1000000000001, NULL]`, 'rows'],
    [`ARRAY[0.1, 0.2]`, `ARRAY[0.1000000000001]`, 'rows'],
    [`ARRAY['NaN', 0.1]::float8[]`, `ARRAY['NaN', 0.1000000000001]::float8[]`, 'same'],
    [`ARRAY['Infinity', 0.1]::float8[]`, `ARRAY['-Infinity', 0.1000000000001]::float8[]`, 'rows'],
    [`ARRAY[0.1]`, `'{x}'`, 'rows'],
    [`ARRAY['0.1']`, `ARRAY['0.1000000000001']`, 'rows'],
    [`ARRAY[(1, 0.1)]`, `ARRAY[(1, 0.1000000000001)]`, 'rows'],
    [`ARRAY[(1, 0.1)]`, `ARRAY[(1, 0.1)]`, 'same'],
    [`'{}'::numeric[]`, `'{}'::int[]`, 'same'],
    [`ARRAY[timestamptz '2027-07-01 00:00+00', NULL]`, `ARRAY[timestamp '2027-07-01 00:00', NULL]`, 'same'],
    [`ARRAY[timestamptz '2027-07-01 00:00+00']`, `ARRAY[timestamptz '2027-07-01 00:00+00' AT TIME ZONE 'Asia/Tokyo']`, 'rows'],
    [`ARRAY[ARRAY[timestamptz '2027-07-01 00:00+00']]`, `ARRAY[ARRAY[timestamptz '2027-06-30 22:00-02']]`, 'same'],
    [`ARRAY[date '2027-07-01']`, `ARRAY[timestamp '2027-07-01 00:00']`, 'same'],
    [`ARRAY[date '2027-07-01']`, `ARRAY[timestamp '2027-07-01 00:00:01']`, 'rows'],
    [`ARRAY[interval '1 day']`, `ARRAY[interval '24 hours']`, 'same'],
    [`'\\xff'::bytea`, `'\\xFF'::bytea`, 'same'],
    [`'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'::uuid`, `'a0eebc999c0b4ef8bb6d6bb9bd380a11'::uuid`, 'same'],
  ])('%s and %s', async (reference, query, found, rules) => {
    expect(await compare(`SELECT ${reference} AS v`, `SELECT ${query} AS v`, rules)).toBe(found)
  })

  test('in many rows of arrays each finds the one that is near it', async () => {
    const rows = (more: string) =>
      `SELECT ARRAY[[g % 7, g / 3.0], [g % 11, NULL]] || ARRAY[[0, g${more}]] AS v FROM generate_series(1, 3000) g`
    expect(await compare(rows(' + 0.5'), `${rows(' + 0.5000000000001')} ORDER BY md5(g::text)`)).toBe('same')
    expect(await compare(rows(' + 0.5'), rows(' + CASE g WHEN 2000 THEN 0.6 ELSE 0.5000000000001 END'))).toBe('rows')
  })

  test('counts as often as it is there', async () => {
    expect(await compare('SELECT note FROM t', 'SELECT DISTINCT note FROM t')).toBe('rows')
    expect(await compare('SELECT note FROM t UNION ALL SELECT note FROM t', 'SELECT note FROM t, (VALUES (1), (2)) v')).toBe('same')
  })
})

describe('columns', () => {
  test.each<[query: string, found: string, rules?: Partial<Comparison>]>([
    ['SELECT id, name', 'same'],
    ['SELECT id, name AS "NAME"', 'same'],
    ['SELECT id, name AS "NAME"', 'columns', { columnNames: 'exact' }],
    ['SELECT id, name AS title', 'columns'],
    ['SELECT id, name AS title', 'same', { columnNames: 'ignore' }],
    ['SELECT name, id', 'columns'],
    ['SELECT name, id', 'same', { columnOrder: 'ignore' }],
    ['SELECT id', 'columns'],
    ['SELECT id, name, note', 'columns', { columnNames: 'ignore' }],
  ])('%s', async (query, found, rules) => {
    expect(await compare('SELECT id, name FROM t', `${query} FROM t`, rules)).toBe(found)
  })
})
