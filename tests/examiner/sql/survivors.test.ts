import { afterAll, beforeAll, expect, test } from 'vitest'
import { manifestSchema, type QueryManifest } from '../../../core/exercise.ts'
import type { MutantCheck } from '../../../core/mutant-check.ts'
import type { FileMap } from '../../../core/submission.ts'
import type { Pod } from '../../../examiner/pod.ts'
import { tryMutants } from '../../../examiner/sql/query/survivors/try-mutants.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

type Exercise = { schema: string; reference: string; datasets: string[]; accepted?: string[]; wrong?: string[] }

async function check({ schema, reference, datasets, accepted = [], wrong = [] }: Exercise, seed = 1): Promise<MutantCheck> {
  await server.reset()
  const files: FileMap = { 'schema.sql': schema, 'reference.sql': reference }
  datasets.forEach((sql, index) => (files[`${index}.sql`] = sql))
  const manifest = manifestSchema.parse({
    kind: 'query',
    title: 'A query',
    difficulty: 'easy',
    tasks: [{ id: 'answer', title: 'The answer' }],
    datasets: datasets.map((_, index) => ({ id: `d${index}`, name: `On ${index}`, task: 'answer', file: `${index}.sql` })),
  }) as QueryManifest
  const sessions: Awaited<ReturnType<Pod['openDb']>>[] = []
  const openDb: Pod['openDb'] = async (user, database) => {
    const client = await server.connect(user, database)
    client.on('error', () => {})
    sessions.push(client)
    return client
  }
  try {
    return await tryMutants({ manifest, files, pod: { openDb } as Pod, seed, samples: { accepted, wrong }, onNews: () => {}, patience: 20 })
  } finally {
    await Promise.all(sessions.map(session => session.end().catch(() => {})))
  }
}

const words = (list: MutantCheck['survivors']) => list.map(each => each.words)

const LATE: Exercise = {
  schema: `
    CREATE TABLE customers (id int PRIMARY KEY, name text NOT NULL UNIQUE, kind text NOT NULL CHECK (kind IN ('firm', 'person')));
    CREATE TABLE orders (
      id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer_id int NOT NULL REFERENCES customers,
      due date NOT NULL, came date CHECK (came > due - 100), twice int GENERATED ALWAYS AS (customer_id * 2) STORED);`,
  reference: `SELECT c.name, count(o.id) AS late FROM customers c
    LEFT JOIN orders o ON o.customer_id = c.id AND o.came > o.due WHERE c.kind = 'firm' GROUP BY c.id ORDER BY late DESC, c.name`,
  datasets: [
    `INSERT INTO customers VALUES (1, 'Ada', 'firm'), (2, 'Bob', 'firm');
     INSERT INTO orders (customer_id, due, came) VALUES (1, '2027-01-05', '2027-01-09'), (2, '2027-01-05', '2027-01-20'), (2, '2027-01-07', '2027-01-09')`,
    '-- nothing',
  ],
}

test('mutants that every data set lets pass are listed, each with few rows that kill it', async () => {
  const first = await check(LATE)
  expect(words(first.survivors)).toEqual(
    expect.arrayContaining([
      'JOIN instead of LEFT JOIN with orders AS o',
      '`>=` instead of `>` in o.came > o.due',
      "without WHERE c.kind = 'firm'",
      'without c.name in ORDER BY',
    ]),
  )
  expect(new Set(first.datasets.flatMap(({ kills }) => kills)).size).toBe(first.survivors.length)
  for (const { rows, sql } of first.datasets) {
    expect(rows).toBeLessThanOrEqual(8)
    expect(sql).toMatch(/^INSERT INTO customers/)
  }
  const boundary = first.datasets.find(({ kills }) =>
    words(kills.map(kill => first.survivors[kill]!)).some(each => each.startsWith('`>=`')),
  )!
  const [, due, came] = /, (?:\d+), '(\d{4}-\d\d-\d\d)', '(\d{4}-\d\d-\d\d)'\)/.exec(boundary.sql) ?? []
  expect(due).toBe(came)

  const second = await check({ ...LATE, datasets: [...LATE.datasets, ...first.datasets.map(({ sql }) => sql)] })
  expect(second.survivors).toEqual([])
  expect(second.killed).toBeGreaterThan(first.killed)
})

test('an accepted sample that is written otherwise has slips of its own', async () => {
  const exercise: Exercise = {
    schema: `CREATE TABLE moves (stock text NOT NULL, kind text NOT NULL CHECK (kind IN ('buy', 'sell')), price int NOT NULL)`,
    reference: `SELECT stock, sum(CASE WHEN kind = 'buy' THEN -price ELSE price END) AS gain FROM moves GROUP BY stock`,
    datasets: [
      `INSERT INTO moves VALUES ('a', 'buy', 3), ('a', 'sell', 5), ('b', 'buy', 2), ('b', 'sell', 2), ('b', 'sell', 9)`,
      '-- nothing',
    ],
    accepted: [
      `SELECT stock, coalesce(sum(price) FILTER (WHERE kind = 'sell'), 0) - coalesce(sum(price) FILTER (WHERE kind = 'buy'), 0) AS gain FROM moves GROUP BY stock`,
    ],
  }
  const { survivors, datasets } = await check(exercise)
  const forgotten = survivors.filter(({ rule }) => rule === 'null-handling')
  expect(forgotten.map(({ sample }) => sample)).toEqual([0, 0])
  const again = await check({ ...exercise, datasets: [...exercise.datasets, ...datasets.map(({ sql }) => sql)] })
  expect(again.survivors).toEqual([])
})

test('data without a row is found only where the author has such data', async () => {
  const exercise: Exercise = {
    schema: 'CREATE TABLE t (a int NOT NULL)',
    reference: 'SELECT count(*) FILTER (WHERE a < 3) / nullif(count(*), 0) AS share FROM t',
    datasets: ['INSERT INTO t VALUES (1), (2)', 'INSERT INTO t VALUES (2), (4)'],
  }
  const { survivors, datasets } = await check(exercise)
  expect(words(survivors)).not.toContain('count(*) instead of NULLIF (count(*), 0)')
  expect(datasets.map(({ rows }) => rows)).not.toContain(0)
  const other = await check({ ...exercise, datasets: [...exercise.datasets.slice(1), '-- nothing at all'] })
  expect(other.killed).toBeGreaterThan(0)
})

test('what only some draws of a data set kill is a survivor', async () => {
  const { survivors, killed } = await check({
    schema: 'CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)',
    reference: 'SELECT id FROM t WHERE a < 3',
    // In every second draw there is a row at the boundary.
    datasets: ['INSERT INTO t VALUES (1, 1), (2, 9)', `INSERT INTO t SELECT 1, 3 WHERE current_setting('assay.seed')::int % 2 = 1`],
  })
  expect(words(survivors)).toEqual(expect.arrayContaining(['`<=` instead of `<` in a < 3', '4 instead of 3']))
  expect(killed).toBeGreaterThan(0)
})

test('the same seed finds the same', async () => {
  const exercise: Exercise = {
    schema: 'CREATE TABLE t (id int PRIMARY KEY, a int, b text)',
    reference: `SELECT id FROM t WHERE a BETWEEN 2 AND 4 AND b <> 'x' ORDER BY id`,
    datasets: ["INSERT INTO t VALUES (1, 3, 'y')", '-- nothing'],
    wrong: ['SELECT id FROM t ORDER BY id', 'SELECT no FROM t', `SELECT id FROM t WHERE a BETWEEN 2 AND 4 AND b <> 'x' ORDER BY id`],
  }
  const first = await check(exercise, 5)
  // Of the wrong samples only the first gives other rows; the second is no query, and the third is right.
  expect(new Set(first.datasets.flatMap(({ fails }) => fails))).toEqual(new Set([0]))
  expect(first.survivors.length).toBeGreaterThan(2)
  expect(await check(exercise, 5)).toEqual(first)
})

test('what says the same in other words is no survivor', async () => {
  const { survivors, notToldApart, tries } = await check({
    schema: 'CREATE TABLE t (id int PRIMARY KEY, a int NOT NULL)',
    reference: 'SELECT id, coalesce(a, 0) AS a FROM t WHERE a > 2',
    datasets: ['INSERT INTO t VALUES (1, 1), (2, 2), (3, 3), (4, 4)', '-- nothing'],
  })
  expect(survivors).toEqual([])
  expect(words(notToldApart)).toEqual([
    'SELECT DISTINCT instead of SELECT',
    'a instead of COALESCE(a, 0)',
    '-1 instead of 0',
    '1 instead of 0',
  ])
  expect(tries).toBeGreaterThan(100)
})

test('what PostgreSQL refuses for its meaning is no query, and not counted', async () => {
  const { run, killed } = await check({
    schema: 'CREATE TABLE t (a int, b int)',
    reference: 'SELECT a, b, count(*) FROM t GROUP BY a, b',
    datasets: ['INSERT INTO t VALUES (1, 2), (1, 2), (2, NULL), (NULL, 3)', '-- nothing'],
  })
  // count(a), count(b); DISTINCT says the same. Without a or b in GROUP BY it is none.
  expect({ run, killed }).toEqual({ run: 3, killed: 2 })
})

test.each<[string, Exercise]>([
  [
    'an accepted sample gives something else',
    {
      schema: 'CREATE TABLE t (id int PRIMARY KEY, a int)',
      reference: 'SELECT id FROM t WHERE a > 2',
      datasets: ['INSERT INTO t VALUES (1, 5)', '-- nothing'],
      // Its author thinks only of whole numbers above zero, and of no 2.
      accepted: ['SELECT id FROM t WHERE a >= 2'],
    },
  ],
  [
    'the reference leaves open which of the rows that tie it takes',
    {
      schema: 'CREATE TABLE t (a int, b int)',
      reference: 'SELECT b FROM t ORDER BY a LIMIT 1',
      datasets: ['INSERT INTO t VALUES (1, 1), (2, 2)', '-- nothing'],
    },
  ],
])('data that tells mutants apart is no evidence where %s', async (_, exercise) => {
  const { datasets } = await check(exercise)
  for (const { sql } of datasets) {
    if (exercise.accepted) expect(sql).not.toMatch(/, 2\)/)
    else expect(tied(sql)).toBe(false)
  }
})

/** Whether the least first value of two different rows is the same. */
function tied(sql: string): boolean {
  const rows = [...sql.matchAll(/\((-?\d+|NULL), (-?\d+|NULL)\)/g)].map(([, a, b]) => ({ a: a === 'NULL' ? Infinity : Number(a), b }))
  const least = Math.min(...rows.map(({ a }) => a))
  return new Set(rows.filter(({ a }) => a === least).map(({ b }) => b)).size > 1
}

test('rows that the schema itself lays stay, and others refer to them', async () => {
  const exercise: Exercise = {
    schema: `CREATE TABLE kinds (code text PRIMARY KEY, rate int NOT NULL);
      INSERT INTO kinds VALUES ('full', 30), ('half', 15);
      CREATE TABLE fees (id int PRIMARY KEY, kind text NOT NULL REFERENCES kinds, months int NOT NULL);`,
    reference: 'SELECT fees.id, rate * months AS due FROM fees JOIN kinds ON code = kind WHERE months > 3',
    datasets: [`INSERT INTO fees VALUES (1, 'full', 9), (2, 'half', 1)`, '-- nothing'],
  }
  const { survivors, datasets } = await check(exercise)
  expect(words(survivors)).toContain('`>=` instead of `>` in months > 3')
  for (const { sql } of datasets) expect(sql).toMatch(/^INSERT INTO fees [^;]*;$/)
  const again = await check({ ...exercise, datasets: [...exercise.datasets, ...datasets.map(({ sql }) => sql)] })
  expect(again.survivors).toEqual([])
})

test('types of every kind are given values that their columns take', async () => {
  const { survivors, datasets } = await check({
    schema: `CREATE TYPE mood AS ENUM ('low', 'high');
      CREATE DOMAIN small AS numeric(4,1) CHECK (VALUE < 10);
      CREATE TABLE t (id uuid PRIMARY KEY, m mood NOT NULL, s small, at timestamptz NOT NULL, j jsonb, b boolean, r daterange, x text[], n varchar(3));`,
    reference: `SELECT id, m FROM t WHERE s <= 2.5 AND at < '2027-01-01' AND b IS NOT TRUE`,
    datasets: ['-- nothing', '-- nothing'],
  })
  expect(words(survivors)).toEqual(
    expect.arrayContaining([
      '`<` instead of `<=` in s <= 2.5',
      "`<=` instead of `<` in at < '2027-01-01'",
      'NOT (b) instead of b IS NOT TRUE',
    ]),
  )
  expect(datasets.length).toBeGreaterThan(0)
})
