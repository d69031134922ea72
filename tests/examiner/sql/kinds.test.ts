import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { makeBundle, type Bundle } from '../../../core/bundle.ts'
import { manifestSchema } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { collect, grade as gradeBundle } from '../../support/examiner-harness.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

/* Both kinds through the real examiner: the list, the grading, its live events and its end, as the worker sees them. */
let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
}, 120_000)
afterAll(async () => {
  await server[Symbol.asyncDispose]()
})
beforeEach(() => server.reset())

const COMMON = { title: 'Sample', difficulty: 'easy', tasks: [{ id: 'one', title: 'One' }], limits: { statement: '20s', test: '30s' } }

function bundleOf(manifest: Record<string, unknown>, files: FileMap): Bundle {
  return makeBundle('sample', manifestSchema.parse({ ...COMMON, ...manifest }), files)
}

const grade = (bundle: Bundle, submission: FileMap, mode: 'run' | 'submit' = 'submit') =>
  gradeBundle(bundle, { database: server.socket }, { submission, mode })

describe('a query', () => {
  const dataset = (id: string, more = {}) => ({ id, name: `Data ${id}`, task: 'one', file: `${id}.sql`, ...more })
  const bundle = bundleOf(
    { kind: 'query', datasets: [dataset('a', { visibility: 'visible' }), dataset('b', { points: 3, category: 'nothing' })] },
    {
      'schema.sql': 'CREATE TABLE t (a int)',
      'reference.sql': 'SELECT a FROM t ORDER BY a DESC',
      'a.sql': 'INSERT INTO t SELECT generate_series(1, 9)',
      'b.sql': 'INSERT INTO t SELECT 100 + (random() * 100)::int FROM generate_series(1, 9)',
    },
  )

  test('has its data sets as tests', async () => {
    const { tests } = (await collect(bundle)) as { tests: unknown }
    expect(tests).toEqual([
      { id: 'a', name: 'Data a', task: 'one', points: 0, visibility: 'visible', feedback: 'full', timeLimitMs: 20_000, file: 'a.sql' },
      {
        id: 'b',
        name: 'Data b',
        task: 'one',
        points: 3,
        visibility: 'hidden',
        feedback: 'category',
        category: 'nothing',
        timeLimitMs: 20_000,
        file: 'b.sql',
      },
    ])
  })

  test('tells the plan where there is a budget, and the mistake in wrong rows', async () => {
    const budgeted = bundleOf(
      { kind: 'query', datasets: [dataset('a', { visibility: 'visible', plan: { buffers: 1000, usesIndex: ['t_a'] } }), dataset('b')] },
      {
        ...bundle.files,
        'schema.sql': 'CREATE TABLE t (a int); CREATE INDEX t_a ON t (a)',
        'a.sql': 'INSERT INTO t SELECT generate_series(1, 20000)',
      },
    )
    const slow = await grade(budgeted, { 'query.sql': 'SELECT a FROM t ORDER BY a + 0 DESC' })
    expect(slow.results['a']).toMatchObject({
      status: 'failed',
      plan: { demands: [{ demand: 'usesIndex' }, { demand: 'buffers', verdict: 'kept' }] },
    })
    await server.reset()
    const wrong = await grade(bundle, { 'query.sql': 'SELECT a FROM t, (VALUES (1), (2)) AS twice ORDER BY a' })
    expect(wrong.results['a']).toMatchObject({ status: 'failed', mistake: { kind: 'duplicates' } })
    expect(wrong.messages.find(message => message.type === 'test-end')).not.toHaveProperty('result.mistake')
  })

  test('is graded', async () => {
    const { messages, results } = await grade(bundle, { 'query.sql': 'SELECT a FROM t ORDER BY 1 DESC' })
    expect(messages.map(message => message.type)).toEqual(['ready', 'test-start', 'test-end', 'test-start', 'test-end', 'end'])
    expect(results).toMatchObject({ a: { status: 'passed' }, b: { status: 'passed' } })
  })

  test('is run on visible data only, when that is asked for', async () => {
    const { end } = await grade(bundle, { 'query.sql': 'SELECT a FROM t' }, 'run')
    expect(end!.results).toMatchObject([{ id: 'a', status: 'failed', rows: { wrongOrder: true } }])
  })

  test('that can’t be read is refused', async () => {
    const { end, messages } = await grade(bundle, { 'query.sql': 'SELEC a FROM t' })
    expect(messages.map(message => message.type)).toEqual(['ready', 'end'])
    expect(end).toMatchObject({
      finding: { outcome: 'invalid_submission', code: 'syntax_error' },
      sqlError: { position: 1, file: 'query.sql' },
    })
  })

  test('of a broken exercise names the file', async () => {
    const broken = { ...bundle, files: { ...bundle.files, 'b.sql': 'INSERT INTO nowhere VALUES (1)' } }
    expect((await grade(broken, { 'query.sql': 'SELECT 1' })).broken).toMatchObject({
      file: 'b.sql',
      message: 'this SQL fails, line 1: relation "nowhere" does not exist',
    })
  })
})

describe('a migration', () => {
  const bundle = bundleOf(
    { kind: 'migration', seed: 'seed.sql' },
    {
      'schema.sql': 'CREATE TABLE t (a text)',
      'seed.sql': `INSERT INTO t SELECT 'row ' || (random() * 1000)::int FROM generate_series(1, 9)`,
      'wanted.sql': 'CREATE TABLE t (a text NOT NULL, n int NOT NULL)',
      'tests/visible/schema.test.ts': `import { test, expect } from 'assay'
        test('the schema is as asked', { id: 'schema', task: 'one' }, async ({ migration }) => {
          await migration.up()
          await migration.expectSchema()
        })`,
      'tests/hidden/rows.test.ts': `import { test, expect } from 'assay'
        test('every row has its number', { id: 'rows', task: 'one', points: 2 }, async ({ migration, db }) => {
          await migration.up()
          const rows = await db.query('SELECT a, n FROM t ORDER BY a')
          const wanted = migration.seeded.rows('t').map(row => ({ a: row.a, n: Number(row.a!.slice(4)) }))
          expect(rows).toEqual(wanted.sort((x, y) => (x.a! < y.a! ? -1 : 1)))
        })
        test('a row needs its number', { id: 'number', task: 'one', points: 1 }, async ({ migration, db }) => {
          await migration.up()
          await db.mustFail('INSERT INTO t VALUES ($1, NULL)', ['x'], { code: '23502' })
          await db.mustWork('INSERT INTO t VALUES ($1, 1)', ['x'])
        })
        test('goes back', { id: 'back', task: 'one', points: 1 }, async ({ migration }) => {
          await migration.up()
          await migration.down()
          await migration.expectOldSchema()
          await migration.expectSnapshot()
          await migration.up()
        })`,
    },
  )
  const up = `ALTER TABLE t ADD n int; UPDATE t SET n = substr(a, 5)::int; ALTER TABLE t ALTER n SET NOT NULL, ALTER a SET NOT NULL;`
  const down = 'ALTER TABLE t DROP n, ALTER a DROP NOT NULL'

  test('that was not killed everywhere passes with a note of that', async () => {
    const killed = bundleOf(
      { kind: 'migration' },
      {
        'schema.sql': 'CREATE TABLE t (a text)',
        'wanted.sql': 'CREATE TABLE t (a text)',
        'tests/hidden/a.test.ts': `import { test } from 'assay'
          test('all', { id: 'all', task: 'one' }, async ({ migration }) => void (await migration.expectResumable()))`,
      },
    )
    const { results } = await grade(killed, { 'up.sql': 'SELECT 1;'.repeat(31), 'down.sql': '' })
    expect(results['all']).toMatchObject({
      status: 'passed',
      note: expect.stringMatching(/^up was killed at \d+ of the 31 places where it can be; nothing is known of the others/),
    })
  })

  test('is graded, and its statements are told', async () => {
    const { results, end, stderr } = await grade(bundle, { 'up.sql': up, 'down.sql': down })
    expect(Object.values(results).map(({ id, status, message }) => ({ id, status, message }))).toEqual(
      ['schema', 'rows', 'number', 'back'].map(id => ({ id, status: 'passed', message: undefined })),
    )
    expect(end!.finding).toBeUndefined()
    expect(end!.statements!.map(({ file, number }) => `${file} ${number}`)).toEqual(['up.sql 1', 'up.sql 2', 'up.sql 3', 'down.sql 1'])
    expect(stderr).toBe('')
  })

  test('that is wrong fails just the tests that it fails', async () => {
    const { results } = await grade(bundle, {
      'up.sql': up.replace('::int;', '::int + 1;').replace('ALTER n SET NOT NULL, ', ''),
      'down.sql': 'SELECT 1',
    })
    expect(Object.values(results).map(result => result.status)).toEqual(['failed', 'failed', 'failed', 'failed'])
    expect(results.schema).toMatchObject({
      schema: [{ change: 'different', object: 'column t.n', expected: 'integer not null', actual: 'integer' }],
    })
    expect(results.number!.message).toContain('It was taken.')
    expect(results.back!.message).toContain('column t.n should not be there')
  })

  test('whose up fails ends there', async () => {
    const { results, end } = await grade(bundle, { 'up.sql': `${up} SELECT nothing`, 'down.sql': down })
    expect(Object.values(results).map(result => result.status)).toEqual(['failed', 'not_run', 'not_run', 'not_run'])
    expect(end).toMatchObject({ finding: { outcome: 'runtime_error' }, sqlError: { file: 'up.sql', statementNumber: 4, position: 8 } })
  })

  test('without its way back is refused', async () => {
    expect((await grade(bundle, { 'up.sql': up })).end).toMatchObject({ finding: { outcome: 'invalid_submission', code: 'missing_file' } })
  })
})

// Last: the server is not the same afterwards.
describe('a statement that brings the server down', () => {
  const bomb = `SELECT length(repeat('x', 900000000)) AS length`

  test('is the learner’s fault', async () => {
    const bundle = bundleOf(
      { kind: 'query', datasets: ['a', 'b'].map(id => ({ id, name: id, task: 'one', file: 'rows.sql', visibility: 'visible' })) },
      { 'schema.sql': 'CREATE TABLE t (a int)', 'rows.sql': 'SELECT 1', 'reference.sql': 'SELECT 1 AS length' },
    )
    const { end, broken } = await grade(bundle, { 'query.sql': bomb })
    expect(broken).toBeUndefined()
    expect(end!.finding!.code).toMatch(/^(server_lost|no_room)$/)
    expect(end!.results.map(result => result.status)).toEqual(['failed', 'not_run'])
  })
})
