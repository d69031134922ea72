import type { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manifestSchema, type QueryManifest } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { gradeQuery } from '../../../examiner/sql/query/grade-query.ts'
import { prepareQuery } from '../../../examiner/sql/query/prepare-query.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

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
    limits: { statement: '30s' },
    datasets: [dataset('shop', 'visible'), dataset('empty', 'hidden'), dataset('random', 'hidden')],
    ...more,
  }) as QueryManifest
}

const IDS = ['shop', 'empty', 'random']

async function grade(query: string, { files = {}, manifest = {} }: { files?: FileMap; manifest?: Record<string, unknown> } = {}) {
  await server.reset()
  const parsed = manifestOf(manifest)
  const bundle = { ...FILES, ...files }
  const prepared = await prepareQuery(server.connect, parsed, bundle, 7)
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

describe('what the server says', () => {
  test('on visible data is shown whole, and ends the grading', async () => {
    const grading = await grade(`SELECT name, 1 / (id - id) FROM customers`)
    expect(grading.statuses).toEqual(['failed', 'not_run', 'not_run'])
    expect(grading.finding).toMatchObject({
      outcome: 'runtime_error',
      code: 'sql_error',
      message: 'PostgreSQL says (22012): division by zero',
    })
    expect(grading.sqlError).toMatchObject({ code: '22012', message: 'division by zero' })
  })

  test('points into the statement', async () => {
    const grading = await grade(`/* ä */ SELECT nam FROM customers`)
    expect(grading.sqlError).toMatchObject({
      code: '42703',
      statement: 'SELECT nam FROM customers',
      position: 8,
      hint: expect.stringContaining('customers.name'),
    })
  })

  test.each([
    `SELECT CASE WHEN count(*) > 5 THEN max(name)::int END FROM customers`,
    `SELECT set_config(max(name), 'x', false) FROM customers HAVING count(*) > 5`,
    `SELECT CASE WHEN count(*) > 5 THEN query_to_xml('select "' || max(name) || '"', true, true, '') END FROM customers`,
    `SELECT CASE WHEN count(*) > 5 THEN max(name)::regclass END FROM customers`,
  ])('on hidden data says nothing of that data: %s', async query => {
    const grading = await grade(query)
    expect(grading.statuses.at(-1)).toBe('failed')
    expect(grading.finding).toMatchObject({ outcome: 'runtime_error' })
    expect(JSON.stringify([grading.finding, grading.sqlError])).not.toMatch(/secret/)
    expect(grading.results.at(-1)!.message).toMatch(/secret/)
  })
})

/** Only what runs into the time limit gets a short one: on a busy machine everything else may take its time. */
const limitFor = (outcome: string) => (outcome.startsWith('time_limit') ? { limits: { statement: '300ms' } } : {})

describe('a hostile SELECT', () => {
  test.each([
    ['COPY … PROGRAM', `COPY customers TO PROGRAM 'id'`, 'invalid_submission'],
    ['server files', `SELECT pg_read_file('/etc/passwd')`, 'runtime_error'],
    ['a second statement', `SELECT 1; COMMIT`, 'invalid_submission'],
    ['writing in a CTE', `WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone`, 'runtime_error'],
    ['leaving read-only', `SELECT set_config('transaction_read_only', 'off', false)`, 'runtime_error'],
    ['another role', `SELECT set_config('role', 'assay', false)`, 'runtime_error'],
    ['large objects', `SELECT lo_create(0)`, 'runtime_error'],
    [
      'filling the log of changes',
      `SELECT pg_logical_emit_message(false, 'x', repeat('x', 1000000)) FROM generate_series(1, 1000)`,
      'runtime_error',
    ],
    ['ending its own session', `SELECT pg_terminate_backend(pg_backend_pid())`, 'runtime_error'],
    ['ending other sessions', `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()`, 'runtime_error'],
    ['sleeping', `SELECT pg_sleep(60)`, 'time_limit'],
    ['sleeping without the server’s limit', `SELECT set_config('statement_timeout', '0', false), pg_sleep(60)`, 'time_limit'],
    ['never ending', `WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i FROM n) SELECT count(*) FROM n`, 'time_limit'],
    ['a flood of rows', `SELECT generate_series(1, 100000000)`, 'output_limit'],
    ['a huge cell', `SELECT repeat('x', 100000000)`, 'output_limit'],
    [
      'sorting on disk',
      `SELECT set_config('work_mem', '64kB', false), g FROM (SELECT g FROM generate_series(1, 10000000) g ORDER BY md5(g::text)) x OFFSET 9999999`,
      'memory_limit',
    ],
  ])('%s ends as its own fault', async (_, query, outcome) => {
    const grading = await grade(query, { manifest: limitFor(outcome) })
    expect(grading.finding?.outcome).toMatch(new RegExp(`^(${outcome})$`))
    expect(grading.statuses).not.toContain('passed')
  })

  test('reads neither the reference nor what others do', async () => {
    const grading = await grade(`SELECT 'a' AS name, count(*) AS orders, coalesce(string_agg(query, ' '), '-') AS total
      FROM pg_stat_activity WHERE query ~* ('left' || ' join') OR (query <> '' AND pid <> pg_backend_pid() AND query !~ 'insufficient')`)
    expect(grading.results[0]!.rows!.extra.first).toEqual([['a', '0', '-']])
  })
})

describe('the data', () => {
  test('come in an order drawn from the seed, with keys and generated values as they were', async () => {
    const orderOf = async (seed: number) => {
      await server.reset()
      const parsed = manifestOf()
      const prepared = await prepareQuery(server.connect, parsed, FILES, seed)
      const client = await server.connect('assay', 'dataset_3')
      try {
        const { rows } = await client.query(`SELECT id, name, upper_name FROM customers`)
        const { rows: next } = await client.query(`INSERT INTO customers (name) VALUES ('x') RETURNING id`)
        return { order: rows.map(row => row.id as number), names: rows.map(row => row.name as string), next: next[0].id as number, rows }
      } finally {
        await client.end()
        await prepared.admin.end()
      }
    }
    const one = await orderOf(1)
    const again = await orderOf(1)
    const two = await orderOf(2)
    expect(again).toEqual(one)
    expect(two.order).not.toEqual(one.order)
    expect(two.names.toSorted()).not.toEqual(one.names.toSorted())
    expect(one.order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    expect(one.rows.every(row => row.upper_name === row.name.toUpperCase())).toBe(true)
    expect(one.next).toBe(21)
  })
})

describe('ties under the reference’s keys', () => {
  const files = { ...FILES, 'reference.sql': `SELECT name FROM customers c ORDER BY length(name) DESC, c.id % 2 LIMIT 100` }
  test.each([
    [`SELECT name FROM customers ORDER BY length(name) DESC, id % 2, name`, 'passed'],
    [`SELECT name FROM customers ORDER BY length(name) DESC, id % 2, name DESC`, 'passed'],
    [`SELECT name FROM customers ORDER BY length(name), id % 2`, 'failed'],
    [`SELECT name FROM customers ORDER BY length(name) DESC, id % 2 DESC`, 'failed'],
  ])('%s: %s', async (query, status) => {
    expect((await grade(query, { files })).statuses[2]).toBe(status)
  })
})

describe('a statement that changes rows', () => {
  const files = { 'reference.sql': `DELETE FROM orders WHERE total IS NULL OR total < 7` }
  const manifest = { statement: 'change' }

  test('is graded by what it leaves', async () => {
    const right = await grade(
      `DELETE FROM orders o USING customers c WHERE c.id = o.customer_id AND NOT coalesce(o.total >= 7, false) RETURNING *`,
      { files, manifest },
    )
    expect(right.statuses).toEqual(['passed', 'passed', 'passed'])
    const wrong = await grade(`UPDATE orders SET note = 'gone' WHERE total < 7`, { files, manifest })
    expect(wrong.statuses).toEqual(['failed', 'passed', 'failed'])
    expect(wrong.results[0]).toMatchObject({
      message: 'Table orders: expected 3 rows, got 4: 1 that should not be there.',
      rows: { table: 'orders', extra: { first: [['1', '2', 'gone', '5.50']] } },
    })
  })

  test.each([
    ['breaking a key', `DELETE FROM customers`, 'runtime_error'],
    ['changing too much', `INSERT INTO orders (customer_id, note) SELECT 1, '' FROM generate_series(1, 200000)`, 'output_limit'],
    [
      'filling the disk',
      `INSERT INTO orders (customer_id, note) SELECT 1, string_agg(md5(x::text || y::text), '') FROM generate_series(1, 20000) y, generate_series(1, 5000) x GROUP BY y`,
      'time_limit|memory_limit',
    ],
    ['another kind of statement', `TRUNCATE orders`, 'invalid_submission'],
    [
      'switching triggers off',
      `WITH s AS (SELECT set_config('session_replication_role', 'replica', false)) DELETE FROM customers USING s`,
      'runtime_error',
    ],
  ])('%s ends as its own fault', async (_, query, outcome) => {
    expect((await grade(query, { files, manifest: { ...manifest, ...limitFor(outcome) } })).finding?.outcome).toMatch(
      new RegExp(`^(${outcome})$`),
    )
  })
})

describe('the reference', () => {
  const SETTINGS = `SELECT name, setting FROM pg_settings WHERE name NOT IN ('transaction_timeout') UNION ALL
    SELECT 'roles', concat_ws(' ', session_user, current_user, system_user, current_setting('is_superuser'), current_setting('role')) UNION ALL
    SELECT 'schemas', current_schemas(false)::text UNION ALL
    SELECT 'mine', nullif(current_setting('assay.mine', true), '') UNION ALL
    SELECT 'reads only', current_setting('transaction_read_only')`

  test('runs as a login of the learner’s would find it, whatever the data’s file did to its session', async () => {
    const left = `SET search_path = pg_catalog; SET TimeZone = 'Asia/Tokyo'; CREATE TEMPORARY TABLE customers (id int);
      SELECT setseed(0.5), set_config('assay.mine', 'x', false), pg_advisory_lock(1); LISTEN me; PREPARE it AS SELECT 1`
    const files = {
      'schema.sql': `CREATE SCHEMA shop; ALTER ROLE learner SET search_path = shop, public; ALTER ROLE learner SET work_mem = '3MB';
        SET search_path = shop; ${FILES['schema.sql']}`,
      'datasets/shop.sql': `SET search_path = shop; ${FILES['datasets/shop.sql']} ${left}`,
      'datasets/random.sql': `SET search_path = shop; ${FILES['datasets/random.sql']}`,
      'reference.sql': SETTINGS,
    }
    const grading = await grade(SETTINGS, { files })
    expect(grading.results).toEqual(IDS.map(id => ({ id, status: 'passed', durationMs: expect.any(Number) })))
    const own = await grade(FILES['reference.sql'], { files: { ...files, 'reference.sql': FILES['reference.sql'] } })
    expect(own.statuses).toEqual(['passed', 'passed', 'passed'])
  })

  test.each([
    ['what a superuser may read', 'SELECT rolpassword FROM pg_authid', 'permission denied for table pg_authid'],
    ['the server’s files', `SELECT pg_read_file('postgresql.conf')`, 'permission denied for function pg_read_file'],
    ['writing', 'WITH gone AS (DELETE FROM orders RETURNING *) SELECT * FROM gone', 'cannot execute SELECT in a read-only transaction'],
    ['other sessions', 'SELECT pg_terminate_backend(1)', 'permission denied for function pg_terminate_backend'],
  ])('has no rights that a learner hasn’t: %s', async (_, reference, message) => {
    await expect(grade('SELECT 1', { files: { 'reference.sql': reference } })).rejects.toThrow(
      `reference.sql: the reference fails on dataset 1: ${message}`,
    )
  })
})

describe('the sessions that are opened ahead', () => {
  const watch = { onStart: async () => {}, onEnd: () => {} }
  const ONE = { 'query.sql': FILES['reference.sql'] }

  /** Prepares three data sets, or as many as asked for, and grades the reference's own text after `before`. */
  async function graded(before: (admin: Client) => Promise<unknown>, count = 3) {
    await server.reset()
    const datasets = Array.from({ length: count }, (_, index) => ({ ...manifestOf().datasets[index % 3]!, id: `d${index}` }))
    const manifest = manifestOf({ datasets })
    const prepared = await prepareQuery(server.connect, manifest, FILES, 7)
    const found = await before(prepared.admin)
    const ids = datasets.map(({ id }) => id)
    const { results } = await gradeQuery(prepared, manifest, FILES, ONE, ids, watch)
    return { found, statuses: new Set(results.map(({ status }) => status)), admin: prepared.admin }
  }

  const OPEN = `SELECT datname, usename, query, state, backend_xid FROM pg_stat_activity WHERE usename = 'learner' ORDER BY 1`

  test('have run nothing, and end with their statement', async () => {
    const { found, statuses, admin } = await graded(async session => (await session.query(OPEN)).rows)
    const idle = { usename: 'learner', query: '', state: 'idle', backend_xid: null }
    expect(found).toEqual(['dataset_1', 'dataset_2', 'dataset_3'].map(datname => ({ datname, ...idle })))
    expect(statuses).toEqual(new Set(['passed']))
    await expect.poll(async () => (await admin.query(OPEN)).rows).toEqual([])
    await admin.end()
  })

  test('are opened anew where they were lost', async () => {
    const { statuses, admin } = await graded(session =>
      session.query(`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = 'learner'`),
    )
    expect(statuses).toEqual(new Set(['passed']))
    await admin.end()
  })

  test('are held for some data sets only, the others’ are opened at their turn', async () => {
    const { found, statuses, admin } = await graded(async session => (await session.query(OPEN)).rowCount, 12)
    expect(found).toBeLessThan(12)
    expect(statuses).toEqual(new Set(['passed']))
    await admin.end()
  })

  test('leave no door open: nobody may enter a database, and no more may log in than the limit', async () => {
    const doors = `SELECT coalesce(string_agg(datname, ' '), 'none') AS name,
        (SELECT rolconnlimit FROM pg_roles WHERE rolname = 'learner') AS orders, 0 AS total
      FROM pg_database WHERE has_database_privilege(datname, 'CONNECT') OR has_database_privilege('inspector', datname, 'CONNECT')`
    const grading = await grade(doors)
    expect(grading.results[0]!.rows!.extra.first).toEqual([['none', '2', '0']])
  })

  test('can’t be ended by a text of another data set', async () => {
    const grading = await grade(`SELECT pg_terminate_backend(pid), pg_cancel_backend(pid) FROM pg_stat_activity WHERE usename = 'learner'`)
    expect(grading.sqlError).toMatchObject({ code: '42501', message: 'permission denied for function pg_terminate_backend' })
  })
})

describe('an exercise that is broken', () => {
  test.each([
    ['a reference that fails', { 'reference.sql': 'SELECT nothing FROM nowhere' }, 'reference.sql: the reference fails on dataset 1'],
    ['a reference of two statements', { 'reference.sql': 'SELECT 1; SELECT 2' }, 'reference.sql: expected one statement, got 2'],
    [
      'data that fail',
      { 'datasets/shop.sql': '\n\nINSERT INTO nowhere VALUES (1)' },
      'datasets/shop.sql: this SQL fails, line 3: relation "nowhere" does not exist',
    ],
    ['a schema that ends in a transaction', { 'schema.sql': 'BEGIN; CREATE TABLE customers (id int)' }, 'schema.sql: this SQL ends inside'],
    ['data that ask for more', { 'datasets/empty.sql': 'COPY customers FROM STDIN' }, 'datasets/empty.sql: this SQL fails'],
  ])('names its file: %s', async (_, files, message) => {
    await expect(grade('SELECT 1', { files })).rejects.toThrow(message)
  })
})
