import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { manifestSchema, type QueryManifest } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { gradeQuery } from '../../../examiner/sql/grade-query.ts'
import { prepareQuery } from '../../../examiner/sql/prepare-query.ts'
import type { TestServer } from '../../support/postgres.ts'
import { startServer } from './server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})
beforeEach(() => server.reset())

const FILES = {
  'schema.sql': `
    CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL, upper_name text GENERATED ALWAYS AS (upper(name)) STORED);
    CREATE TABLE orders (id serial PRIMARY KEY, customer_id int NOT NULL REFERENCES customers, total numeric(10,2), note text);`,
  'datasets/shop.sql': `
    INSERT INTO customers (name) VALUES ('Ada'), ('Bob'), ('Cy');
    INSERT INTO orders (customer_id, total, note) VALUES (1, 10, 'a'), (1, 5.5, NULL), (2, 7, ''), (2, 7, 'x');`,
  'datasets/empty.sql': `-- nothing`,
  'datasets/random.sql': `
    INSERT INTO customers (name) SELECT 'secret' || (random() * 1000)::int FROM generate_series(1, 20);
    INSERT INTO orders (customer_id, total) SELECT 1 + g % 20, (random() * 100)::numeric(10,2) FROM generate_series(1, 200) g;`,
  'reference.sql': `SELECT c.name, count(o.id) AS orders, coalesce(sum(o.total), 0) AS total
    FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id ORDER BY total DESC`,
}

function manifestOf(more: Record<string, unknown> = {}): QueryManifest {
  const dataset = (id: string, visibility: string) => ({
    id,
    name: `On ${id}`,
    task: 'answer',
    file: `datasets/${id}.sql`,
    points: 2,
    visibility,
  })
  return manifestSchema.parse({
    kind: 'query',
    title: 'Orders',
    difficulty: 'easy',
    tasks: [{ id: 'answer', title: 'The answer' }],
    limits: { statement: '1s' },
    datasets: [dataset('shop', 'visible'), dataset('empty', 'hidden'), dataset('random', 'hidden')],
    ...more,
  }) as QueryManifest
}

const IDS = ['shop', 'empty', 'random']

async function grade(
  query: string,
  { files = {}, manifest = {}, seed = 7 }: { files?: FileMap; manifest?: Record<string, unknown>; seed?: number } = {},
) {
  const parsed = manifestOf(manifest)
  const bundle = { ...FILES, ...files }
  const prepared = await prepareQuery(server.connect, parsed, bundle, seed, IDS)
  try {
    const grading = await gradeQuery(prepared, parsed, bundle, { 'query.sql': query }, IDS, { onStart: async () => {}, onEnd: () => {} })
    return { ...grading, statuses: grading.results.map(result => result.status) }
  } finally {
    await prepared.admin.end()
  }
}

describe('a SELECT', () => {
  test('passes when it says the same in other words', async () => {
    const grading = await grade(`SELECT name, (SELECT count(*) FROM orders WHERE customer_id = c.id) AS orders,
      coalesce((SELECT sum(total) FROM orders WHERE customer_id = c.id), 0) AS total FROM customers c ORDER BY 3 DESC`)
    expect(grading.statuses).toEqual(['passed', 'passed', 'passed'])
    expect(grading.finding).toBeUndefined()
  })

  test('is told what differs', async () => {
    const grading = await grade(`SELECT c.name, count(o.id) AS orders, sum(o.total) AS total
      FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.id ORDER BY total DESC`)
    expect(grading.statuses).toEqual(['failed', 'passed', 'passed'])
    expect(grading.results[0]).toMatchObject({
      message: 'expected 3 rows, got 2: 1 missing.',
      rows: { missing: { count: 1, first: [['Cy', '0', '0']] } },
    })
  })
})
