import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { manifestSchema, type QueryManifest } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { gradeQuery } from '../../../examiner/sql/query/grade-query.ts'
import { gradePlan } from '../../../examiner/sql/query/plan/grade-plan.ts'
import { prepareQuery } from '../../../examiner/sql/query/prepare-query.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

/* Budgets of a plan on a real server: what its own EXPLAIN says is what is held and shown. */
let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
}, 60_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})

const FILES = {
  'schema.sql': `
    CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL, joined date NOT NULL);
    CREATE INDEX users_by_email ON users (lower(email));
    CREATE TABLE visits (user_id int NOT NULL, seen timestamptz NOT NULL, page text NOT NULL, PRIMARY KEY (user_id, seen)) PARTITION BY RANGE (user_id);
    CREATE TABLE visits_low PARTITION OF visits FOR VALUES FROM (0) TO (500);
    CREATE TABLE visits_high PARTITION OF visits FOR VALUES FROM (500) TO (100000);`,
  'few.sql': `INSERT INTO users VALUES (1, 'Ada@Example.org', '2024-01-01'), (2, 'bob@example.org', '2024-01-02');
    INSERT INTO visits VALUES (1, '2024-02-01', '/');`,
  'many.sql': `INSERT INTO users SELECT n, CASE n WHEN 777 THEN 'Ada@Example.org' ELSE 'user' || n || '@example.org' END, '2024-01-01' FROM generate_series(1, 2000) n;
    INSERT INTO visits SELECT 1 + n % 2000, timestamptz '2024-01-01' + n * interval '1 minute', '/' || n % 7 FROM generate_series(1, 20000) n;`,
  'reference.sql': `SELECT v.seen, v.page FROM users u JOIN visits v ON v.user_id = u.id WHERE lower(u.email) = 'ada@example.org' ORDER BY v.seen DESC LIMIT 3`,
}
const BUDGET = { noSeqScan: ['visits'], usesIndex: ['users_by_email'], buffers: '5x', rows: '5x' }

function manifestOf(plan: Record<string, unknown>): QueryManifest {
  const dataset = (id: string, more = {}) => ({
    id,
    name: `On ${id}`,
    task: 'answer',
    file: `${id}.sql`,
    points: 1,
    visibility: 'visible',
    ...more,
  })
  return manifestSchema.parse({
    kind: 'query',
    title: 'Visits',
    difficulty: 'easy',
    tasks: [{ id: 'answer', title: 'The answer' }],
    limits: { statement: '30s' },
    datasets: [dataset('few'), dataset('many', { plan })],
  }) as QueryManifest
}

async function grade(query: string, { plan = BUDGET, files = {} }: { plan?: Record<string, unknown>; files?: FileMap } = {}) {
  await server.reset()
  const [manifest, bundle] = [manifestOf(plan), { ...FILES, ...files }]
  const prepared = await prepareQuery(server.connect, manifest, bundle, 7)
  try {
    const watch = { onStart: async () => {}, onEnd: () => {} }
    const grading = await gradeQuery(prepared, manifest, bundle, { 'query.sql': query }, ['few', 'many'], watch)
    return { ...grading, last: grading.results.at(-1)!, reference: prepared.datasets.get('many')!.budget!.reference }
  } finally {
    await prepared.admin.end()
  }
}

const RIGHT = FILES['reference.sql']
const verdicts = ({ last }: Awaited<ReturnType<typeof grade>>) =>
  Object.fromEntries((last.plan?.demands ?? []).map(({ demand, verdict }) => [demand, verdict]))

describe('a statement with the right rows', () => {
  test('passes within its budget, and its plan is shown', async () => {
    const grading = await grade(`-- my way\n(${RIGHT})`)
    expect(grading.results.map(({ status }) => status)).toEqual(['passed', 'passed'])
    expect(grading.results[0]!.plan).toBeUndefined()
    expect(verdicts(grading)).toEqual({ noSeqScan: 'kept', usesIndex: 'kept', buffers: 'kept', rows: 'kept' })
    const { plan } = grading.last
    // A session that is new looks up a few things of the catalogue on its way.
    expect(plan!.buffers).toBeGreaterThanOrEqual(grading.reference.buffers)
    expect(plan!.buffers).toBeLessThan(grading.reference.buffers + 20)
    expect(plan!.rows).toBe(grading.reference.visited)
    expect(plan!.nodes).toContainEqual(
      expect.objectContaining({ on: 'users', index: 'users_by_email', condition: "(lower(email) = 'ada@example.org'::text)" }),
    )
  })

  test.each([
    [
      'a scan of one part of the table',
      RIGHT.replace('v.user_id = u.id', 'v.user_id + 0 = u.id'),
      { noSeqScan: 'broken', usesIndex: 'kept', buffers: 'broken', rows: 'broken' },
    ],
    [
      'a function that the index has not',
      RIGHT.replace('lower(u.email)', 'lower(trim(u.email))'),
      { noSeqScan: 'kept', usesIndex: 'broken', buffers: 'kept', rows: 'broken' },
    ],
  ])('fails beyond it: %s', async (_, query, wanted) => {
    const grading = await grade(query)
    expect(grading.last).toMatchObject({ status: 'failed', message: expect.stringMatching(/^The rows are right, but/) })
    expect(grading.finding).toBeUndefined()
    expect(verdicts(grading)).toMatchObject(wanted)
    expect(grading.last.plan!.nodes.filter(({ costly }) => costly)).not.toEqual([])
  })

  test('is held to nothing that the reference itself does not keep', async () => {
    expect(verdicts(await grade(RIGHT, { plan: { noSeqScan: ['visits'], usesIndex: ['users_pkey'], buffers: 1 } }))).toEqual({
      noSeqScan: 'kept',
      usesIndex: 'waived',
      buffers: 'waived',
    })
  })
})

test('wrong rows are told as such, without a plan', async () => {
  const { last } = await grade(RIGHT.replace('LIMIT 3', 'LIMIT 2'))
  expect(last).toMatchObject({ status: 'failed', rows: { missing: { count: 1 } } })
  expect(last.plan).toBeUndefined()
})

describe('a statement can’t tell that it is measured', () => {
  const only = (condition: string) => `SELECT * FROM (${RIGHT}) answer WHERE ${condition}`
  test.each([
    ['by its own text', only(`current_query() !~* 'explain'`), 'permission denied for function current_query'],
    [
      'by what the server shows of sessions',
      only(`NOT EXISTS (SELECT FROM pg_stat_activity WHERE query ~* 'explain')`),
      'permission denied for function pg_stat_get_activity',
    ],
    [
      'by the text of its own portal',
      only(`NOT EXISTS (SELECT FROM pg_cursors WHERE statement ~* '^explain')`),
      'permission denied for function pg_cursor',
    ],
    ['by what is prepared', only('EXISTS (SELECT FROM pg_prepared_statements)'), 'permission denied for function pg_prepared_statement'],
    ['by when it was planned', only(`clock_timestamp() - now() < interval '50 ms'`), 'permission denied for function clock_timestamp'],
    ['by when it began', only('statement_timestamp() > now()'), 'permission denied for function statement_timestamp'],
    ['by its process', only('pg_backend_pid() < 60'), 'permission denied for function pg_backend_pid'],
    ['by locks', only('EXISTS (SELECT FROM pg_locks)'), 'permission denied for function pg_lock_status'],
    ['by transactions', only(`pg_current_xact_id() < '800'`), 'permission denied for function pg_current_xact_id'],
    ['by their age', only(`age(xid '700') < 100`), 'permission denied for function age'],
    ['by what the server counts', only('(SELECT sum(hits) FROM pg_stat_io) < 10000'), 'permission denied for function pg_stat_get_io'],
    [
      'with SQL in a text',
      only(`query_to_xml('SELECT * FROM visits', true, true, '') IS NOT NULL`),
      'permission denied for function query_to_xml',
    ],
    [
      'with a query of words',
      only(`EXISTS (SELECT FROM ts_stat('SELECT page::tsvector FROM visits'))`),
      'permission denied for function ts_stat',
    ],
  ])('%s', async (_, query, message) => {
    expect((await grade(query)).sqlError).toMatchObject({ code: '42501', message })
  })

  test.each([
    ['a lock', only('pg_try_advisory_lock(7)')],
    ['a setting', only(`coalesce(current_setting('my.mark', true), '') = '' AND set_config('my.mark', 'x', false) = 'x'`)],
    ['a setting of the planner', only(`set_config('enable_indexscan', 'off', false) IS NOT NULL`)],
  ])('nor by %s that it leaves', async (_, query) => {
    expect((await grade(query)).last).toMatchObject({ status: 'passed', plan: { demands: expect.any(Array) } })
  })

  test('and must give as many rows as before', async () => {
    await server.reset()
    const manifest = manifestOf(BUDGET)
    const prepared = await prepareQuery(server.connect, manifest, FILES, 7)
    const { database, budget } = prepared.datasets.get('many')!
    const held = (rows: number) => gradePlan(prepared, { database, budget: budget!, text: RIGHT, rows }, manifest)
    expect(await held(3)).toMatchObject({ broken: undefined })
    expect(await held(4)).toMatchObject({ broken: 'The statement gave 4 rows, and 3 when its plan was measured: both must be the same.' })
    await prepared.admin.end()
  })
})

describe('an exercise that is broken', () => {
  test.each([
    [{ noSeqScan: ['nowhere'] }, '"datasets.1.plan.noSeqScan" in exercise.yaml: the schema has no table "nowhere"'],
    [{ usesIndex: ['visits'] }, '"datasets.1.plan.usesIndex" in exercise.yaml: the schema has no index "visits"'],
  ])('%j', async (plan, message) => {
    await expect(grade(RIGHT, { plan })).rejects.toThrow(message)
  })
})
