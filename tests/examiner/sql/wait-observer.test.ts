import { afterAll, beforeAll, expect, test } from 'vitest'
import { WaitObserver } from '../../../examiner/sql/migration/wait-observer.ts'
import { processIdOf } from '../../../examiner/sql/run-statement.ts'
import { COUNTING } from '../../../worker/pod/wire-boxes.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres(COUNTING)
})
afterAll(() => server[Symbol.asyncDispose]())

const SETUP = `CREATE EXTENSION pg_stat_statements; CREATE TABLE notes (body text); CREATE ROLE inspector LOGIN;
  GRANT CONNECT ON DATABASE postgres TO inspector`

test('looks for waits do not read all locks each time: a migration that takes thousands would make them rare', async () => {
  const [admin, looking, migration, application] = await Promise.all([1, 2, 3, 4].map(() => server.connect('assay', 'postgres')))
  await admin!.query(SETUP)
  await migration!.query('BEGIN; LOCK TABLE notes; SELECT count(pg_advisory_xact_lock(i)) FROM generate_series(1, 4000) i')
  const calls = async (like: string) => {
    const { rows } = await admin!.query<{ calls: number }>(
      `SELECT coalesce(sum(calls), 0)::int AS calls FROM pg_stat_statements WHERE query NOT LIKE '%pg_stat_statements%' AND query LIKE $1`,
      [like],
    )
    return rows[0]!.calls
  }
  await using observer = await WaitObserver.open(
    (user, database) => server.connect(user, database),
    looking!,
    'postgres',
    name => name,
  )
  observer.migration = { file: 'up.sql', number: 1, statement: 'LOCK TABLE notes', pid: processIdOf(migration!) }
  const pid = processIdOf(application!)
  observer.begins(pid, { version: 'old', sql: 'insert' })
  const writing = application!.query("INSERT INTO notes VALUES ('new')")
  observer.start()
  while ((await calls('%pg_blocking_pids%')) < 40);
  await migration!.query('COMMIT')
  await writing
  observer.ended(pid)
  await observer.stop()

  expect(await calls('%pg_locks%')).toBeLessThan(10)
  expect(observer.longest()).toMatchObject([{ object: 'notes', wanted: 'RowExclusiveLock', held: ['AccessExclusiveLock'] }])
  await Promise.all([admin, looking, migration, application].map(session => session!.end()))
})
