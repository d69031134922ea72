import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { comparisonSchema, manifestSchema, type QueryManifest } from '../../../core/exercise.ts'
import { mistakeSchema } from '../../../core/mistake.ts'
import { compareRows } from '../../../examiner/sql/comparison/compare.ts'
import { canBeExplained, seekMistakes } from '../../../examiner/sql/query/feedback/seek-mistakes.ts'
import { gradeQuery } from '../../../examiner/sql/query/grade-query.ts'
import { askReading } from '../../../examiner/sql/learner-session.ts'
import { prepareQuery } from '../../../examiner/sql/query/prepare-query.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

/* Wrong answers, and the mistake that each is told as: by its rows, or by a slip in the reference that gives the same. */
let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const SCHEMA = `
  CREATE TABLE authors (id int PRIMARY KEY, name text NOT NULL, born int);
  CREATE TABLE books (id int PRIMARY KEY, author_id int REFERENCES authors, title text NOT NULL, year int NOT NULL, price numeric(6,2));`
const ROWS = `
  INSERT INTO authors VALUES (1, 'Ada', 1970), (2, 'Bob', NULL), (3, 'Cy', 1950), (4, 'Di', 1980);
  INSERT INTO books VALUES (1, 1, 'Nets', 2000, 10), (2, 1, 'Sets', 2010, NULL), (3, 2, 'Logs', 2010, 30),
    (4, 3, 'Keys', 1999, 7.5), (5, NULL, 'Anon', 2005, 5), (6, 1, 'Joins', 2020, 12);`

type Options = { visibility?: string; feedback?: string; rows?: string }

async function prepared(reference: string, { visibility = 'visible', feedback, rows = ROWS }: Options = {}) {
  await server.reset()
  const dataset = (id: string) => ({ id, name: id, task: 'one', file: `${id}.sql`, visibility, ...(feedback && { feedback }) })
  const manifest = manifestSchema.parse({
    kind: 'query',
    title: 'Books',
    difficulty: 'easy',
    tasks: [{ id: 'one', title: 'One' }],
    limits: { statement: '30s' },
    datasets: [dataset('a'), dataset('b')],
  }) as QueryManifest
  const files = { 'schema.sql': SCHEMA, 'reference.sql': reference, 'a.sql': rows, 'b.sql': '' }
  return { manifest, files, query: await prepareQuery(server.connect, manifest, files, 7) }
}

async function gradedMistake(reference: string, text: string, options: Options) {
  const { manifest, files, query } = await prepared(reference, options)
  try {
    const watch = { onStart: async () => {}, onEnd: () => {} }
    const { results } = await gradeQuery(query, manifest, files, { 'query.sql': text }, ['a', 'b'], watch)
    expect(results[0]!.status).toBe('failed')
    return results[0]!.mistake?.kind
  } finally {
    await query.admin.end()
  }
}

const COUNT = `SELECT a.name, count(b.id) AS books FROM authors a LEFT JOIN books b ON b.author_id = a.id AND b.year >= 2000 GROUP BY a.id, a.name ORDER BY a.name`

describe('a wrong answer', () => {
  let all: Awaited<ReturnType<typeof prepared>>
  let session: Client
  beforeAll(async () => {
    all = await prepared('SELECT 1')
    session = await server.connect('assay', 'dataset_1')
  })
  afterAll(async () => {
    await session.end()
    await all.query.admin.end()
  })

  async function answer(text: string) {
    const run = await askReading(session, text, all.manifest, all.query.killer)
    await session.query('ROLLBACK')
    if (run.type !== 'rows') throw new Error(JSON.stringify(run))
    return run
  }

  // With more time than in a grading: what is told must not depend on how busy this machine is.
  async function mistakeOf(reference: string, text: string, time = { allMs: 60_000, oneMs: 20_000 }) {
    const [expected, actual] = [await answer(reference), await answer(text)]
    const sorted = /ORDER BY/.test(reference) ? { ...expected, keys: expected.rows.map(() => []) } : expected
    const difference = compareRows(sorted, actual, all.manifest.comparison)!
    const given = { expected: sorted, actual, difference }
    if (!canBeExplained(given, 0)) return undefined
    const answers = [{ id: 'a', database: 'dataset_1', ...given }]
    const found = await seekMistakes(all.query, all.manifest, { reference, statement: text }, answers, time)
    const mistake = found.get('a')
    if (mistake) mistakeSchema.parse(mistake)
    return mistake?.kind
  }

  test.each([
    ['join-loses-rows', COUNT, COUNT.replace('LEFT JOIN', 'JOIN')],
    ['outer-condition-in-where', COUNT, COUNT.replace('AND b.year >= 2000', 'WHERE b.year >= 2000')],
    ['count', COUNT, COUNT.replace('count(b.id)', 'count(*)')],
    ['off-by-one', COUNT, COUNT.replace('>= 2000', '> 2000')],
    [
      'off-by-one',
      'SELECT title FROM books WHERE year BETWEEN 2000 AND 2010',
      'SELECT title FROM books WHERE year >= 2000 AND year < 2010',
    ],
    ['condition-missing', `SELECT title FROM books WHERE year >= 2005 AND price < 10`, 'SELECT title FROM books WHERE price < 10'],
    ['case-missing', `SELECT title FROM books WHERE year < 2000 OR price IS NULL`, 'SELECT title FROM books WHERE year < 2000'],
    [
      'duplicates',
      'SELECT name FROM authors a WHERE EXISTS (SELECT FROM books WHERE author_id = a.id)',
      'SELECT name FROM authors a JOIN books b ON author_id = a.id',
    ],
    ['duplicates-lost', 'SELECT year FROM books', 'SELECT DISTINCT year FROM books'],
    ['duplicates', 'SELECT count(DISTINCT author_id) AS n FROM books', 'SELECT count(author_id) AS n FROM books'],
    ['nulls', 'SELECT name FROM authors WHERE born IS DISTINCT FROM 1970', 'SELECT name FROM authors WHERE born <> 1970'],
    [
      'null-for-zero',
      'SELECT a.id, coalesce(sum(price), 0) AS total FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.id',
      'SELECT a.id, sum(price) AS total FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.id',
    ],
    ['rounding', 'SELECT avg(year)::numeric(10,2) AS y FROM books', 'SELECT sum(year) / count(*) AS y FROM books'],
    ['letters', 'SELECT upper(title) AS title FROM books', 'SELECT title FROM books'],
    [
      'aggregate',
      'SELECT author_id, max(price) AS p FROM books GROUP BY author_id',
      'SELECT author_id, min(price) AS p FROM books GROUP BY author_id',
    ],
    ['order', 'SELECT title FROM books ORDER BY year DESC, title', 'SELECT title FROM books ORDER BY year, title'],
    ['grouping', 'SELECT count(*) AS n FROM books GROUP BY author_id, year > 2005', 'SELECT count(*) AS n FROM books GROUP BY author_id'],
    [
      'brackets-missing',
      'SELECT title FROM books WHERE (year < 2000 OR year > 2005) AND price > 10',
      'SELECT title FROM books WHERE year < 2000 OR year > 2005 AND price > 10',
    ],
    [
      'not-in-nulls',
      'SELECT name FROM authors a WHERE NOT EXISTS (SELECT FROM books b WHERE b.author_id = a.id)',
      'SELECT name FROM authors WHERE id NOT IN (SELECT author_id FROM books)',
    ],
    ['nulls-order', 'SELECT name FROM authors ORDER BY born NULLS FIRST', 'SELECT name FROM authors ORDER BY born'],
    [
      'window',
      'SELECT title, rank() OVER (ORDER BY year) AS place FROM books',
      'SELECT title, dense_rank() OVER (ORDER BY year) AS place FROM books',
    ],
    ['limit', 'SELECT title FROM books ORDER BY id LIMIT 2', 'SELECT title FROM books ORDER BY id'],
  ])('is told as %s: %s', async (kind, reference, query) => {
    expect(await mistakeOf(reference, query)).toBe(kind)
  })

  test.each([
    ['of which nothing is known', COUNT, `SELECT 'x' AS name, 1 AS books`],
    ['with other columns', COUNT, 'SELECT name FROM authors'],
  ])('%s is told nothing', async (_, reference, query) => {
    expect(await mistakeOf(reference, query)).toBeUndefined()
  })

  const RANKED = `SELECT title FROM (SELECT title, row_number() OVER (PARTITION BY author_id ORDER BY year) AS n FROM books) AS b WHERE n = 1`
  test.each([
    ['window, without a window function', RANKED, 'SELECT title FROM books WHERE id = 4'],
    // The reference with one decimal less gives the same.
    [
      'a bound, of another number of decimals',
      'SELECT id, round(price / 3, 2) AS p FROM books',
      'SELECT id, round(price / 3, 1) AS p FROM books',
    ],
    // No row at all: `year > 2021` and `born < 0` give it, and much else.
    ['anything, where there is no row', 'SELECT title FROM books WHERE year >= 2020', 'SELECT title FROM books WHERE false'],
    ['a join, without one', COUNT, 'SELECT name, books FROM (VALUES ($$Ada$$, 3), ($$Bob$$, 1)) AS v (name, books)'],
    // Two of three.
    [
      'rows that are there once only, where some come twice',
      'SELECT n % 2 AS n FROM generate_series(1, 6) AS n',
      'SELECT n % 2 AS n FROM generate_series(1, 4) AS n',
    ],
  ])('is not told as %s', async (_, reference, query) => {
    expect(await mistakeOf(reference, query)).toBeUndefined()
  })

  test('with a condition in WHERE on its outer join is told so, though an inner join gives the same', async () => {
    const reference = 'SELECT a.name, count(b.id) AS n FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.id, a.name'
    expect(await mistakeOf(reference, reference.replace('GROUP BY', 'WHERE b.year > 0 GROUP BY'))).toBe('outer-condition-in-where')
    const fromBooks = 'FROM books b RIGHT OUTER JOIN authors AS a ON b.author_id = a.id WHERE a.id > 0 AND B.year > 0 GROUP BY'
    expect(await mistakeOf(reference, reference.replace(/FROM.*GROUP BY/, fromBooks))).toBe('outer-condition-in-where')
    expect(await mistakeOf(reference, reference.replace('LEFT JOIN', 'JOIN'))).toBe('join-loses-rows')
  })

  const ALL_AUTHORS = 'SELECT a.name, count(b.id) AS n FROM authors a LEFT JOIN books b ON b.author_id = a.id GROUP BY a.name'
  const FROM_BOOKS = 'FROM books b LEFT JOIN authors a ON b.author_id = a.id'
  test.each([
    ['in FILTER', `SELECT a.name, count(*) FILTER (WHERE b.year > 0) AS n ${FROM_BOOKS} GROUP BY a.name HAVING a.name IS NOT NULL`],
    ['in a text', `SELECT a.name, count(*) AS n ${FROM_BOOKS} GROUP BY a.name HAVING a.name <> 'where a.id'`],
    [
      'in a subquery',
      `SELECT a.name, count(*) AS n ${FROM_BOOKS.replace('books', '(SELECT * FROM books a WHERE a.author_id > 0)')} GROUP BY a.name`,
    ],
    ['about the side that is kept', `SELECT a.name, count(*) AS n ${FROM_BOOKS} WHERE b.author_id > 0 GROUP BY a.name`],
  ])('that lost rows in an outer join is told nothing of a condition in WHERE for a WHERE %s', async (_, query) => {
    expect(await mistakeOf(ALL_AUTHORS, query)).toBeUndefined()
  })

  test('that loses rows by one condition less is not told that it has too many', async () => {
    const reference = 'SELECT title FROM books WHERE (author_id, year) NOT IN (SELECT author_id, year FROM books WHERE id = 2)'
    const query = 'SELECT title FROM books WHERE year NOT IN (SELECT year FROM books WHERE id = 2)'
    expect(await mistakeOf(reference, query)).toBeUndefined()
  })

  // With another bound, too, the reference gives these rows, but it takes a second to say so.
  const SLOW = `SELECT name FROM authors WHERE born > (SELECT 1950 + 0 * count(*) FROM generate_series(1, 3000) AS a, generate_series(1, 10000) AS b) AND id <> 2`
  test.each([
    ['one slip', { allMs: 60_000, oneMs: 100 }],
    ['all of them', { allMs: 1_000, oneMs: 700 }],
  ])('is told nothing where the time for %s was too short to rule out a second mistake', async (_, time) => {
    expect(await mistakeOf(SLOW, 'SELECT name FROM authors WHERE id <> 2', time)).toBeUndefined()
  })

  test('that two mistakes could give is told neither', async () => {
    // Of the others Cy alone was born no later than 1950, and in that very year.
    const reference = 'SELECT name FROM authors WHERE born > 1950 AND id <> 2'
    expect(await mistakeOf(reference, 'SELECT name FROM authors WHERE id <> 2')).toBeUndefined()
  })
})

const AUTHORS = 'SELECT name FROM authors a WHERE EXISTS (SELECT FROM books WHERE author_id = a.id)'
const FOR_EACH_BOOK = 'SELECT name FROM authors a JOIN books ON author_id = a.id'

test('a cell too long to be compared again and again is not explained', () => {
  const columns = [{ name: 'a', type: 25 }]
  const explained = (cell: string) => {
    const [expected, actual] = [
      { columns, rows: [['a']] },
      { columns, rows: [[cell]] },
    ]
    return canBeExplained({ expected, actual, difference: compareRows(expected, actual, comparisonSchema.parse({}))! }, 0)
  }
  expect([explained('x'.repeat(1000)), explained('x'.repeat(1001))]).toEqual([true, false])
})

describe('on hidden data', () => {
  test.each([
    ['category', undefined],
    ['message', 'duplicates'],
  ])('with feedback %s: %s', async (feedback, kind) => {
    expect(await gradedMistake(AUTHORS, FOR_EACH_BOOK, { visibility: 'hidden', feedback })).toBe(kind)
  })
})

test.each([
  [100, 'duplicates'],
  [3000, undefined],
])('on visible data it is told, of %d rows: %s', async (count, kind) => {
  const rows = `INSERT INTO authors SELECT n, 'a' || n, n FROM generate_series(1, ${count}) n;
    INSERT INTO books SELECT n, 1 + n % ${count}, '', 2000 FROM generate_series(1, ${2 * count}) n`
  expect(await gradedMistake(AUTHORS, FOR_EACH_BOOK, { rows })).toBe(kind)
})
