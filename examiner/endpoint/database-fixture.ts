import type pg from 'pg'
import { FIXED } from '../../core/limits.ts'
import type { Fixtures, Row } from '../authoring/fixtures.ts'
import { currentTest } from '../authoring/test-context.ts'
import type { Pod } from '../pod.ts'
import { INSPECTOR } from '../sql/roles.ts'
import { holdTable } from './hold-table.ts'
import { costOf } from './query-cost.ts'
import { restartDatabase } from './restart-database.ts'
import type { Waiting } from './waiting.ts'

/**
 * What stands in the database, as a role that may read all and own nothing. Each test has a session of its own, opened at
 * its first query; nothing that the program set as a default reaches it. Rows are counted as they come in, since the program
 * may have stored more than fits here.
 */
export function databaseFixture(
  pod: Pod,
  signal: AbortSignal,
  waiting: Waiting,
  timeLimitMs: number,
  { statistics }: { statistics: boolean },
): { fixture: Fixtures['db']; close: () => void } {
  let session: Promise<pg.Client> | undefined
  let before: Promise<unknown> = Promise.resolve()
  const open = async () => {
    // Beyond the test's own time, so that a query that outlives it doesn't stay on the server.
    const client = await pod.openDb(INSPECTOR, 'app', { ...SETTINGS, statement_timeout: String(timeLimitMs + 500) })
    signal.addEventListener('abort', () => client.connection.stream.destroy())
    return client
  }
  const query = async <R extends Row>(text: string, params: readonly unknown[] = []): Promise<R[]> => {
    signal.throwIfAborted()
    session ??= open()
    const client = await session
    // One after the other, as a session takes them.
    const answer = before.then(() => counted<R>(client, text, params, signal))
    before = answer.catch(() => {})
    return waiting.during(`the database to answer ${JSON.stringify(text.slice(0, 200))}`, answer)
  }
  let measuring = false
  const cost: Fixtures['db']['cost'] = async act => {
    if (!statistics) throw new Error('db.cost needs "statistics: true" below services.postgres in exercise.yaml')
    signal.throwIfAborted()
    if (measuring) throw new Error('db.cost: another cost of this test is being measured')
    measuring = true
    try {
      const found = await costOf(pod, act)
      const test = currentTest()
      if (test) test.details = { queryCosts: [...(test.details?.queryCosts ?? []), found].slice(-4) }
      return found
    } finally {
      measuring = false
    }
  }
  const held: (() => void)[] = []
  const hold: Fixtures['db']['hold'] = async table => {
    const lock = await holdTable(pod, table, signal, waiting)
    held.push(lock.close)
    return lock
  }
  const restart = async () => {
    signal.throwIfAborted()
    // The session goes with the server.
    session = undefined
    await waiting.during('the database to start again', restartDatabase(pod, signal))
  }
  const onlyInMigrations = () => Promise.reject(new Error('db.mustFail and db.mustWork are there in migration exercises only'))
  return {
    fixture: { query, cost, restart, hold, mustFail: onlyInMigrations, mustWork: onlyInMigrations },
    close: () => {
      for (const letGo of held) letGo()
      void session?.then(client => client.connection.stream.destroy()).catch(() => {})
    },
  }
}

const SETTINGS = {
  search_path: 'public',
  lock_timeout: '0',
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  row_security: 'on',
}

async function counted<R extends Row>(client: pg.Client, text: string, params: readonly unknown[], signal: AbortSignal): Promise<R[]> {
  const { stream } = client.connection
  let bytes = 0
  let tooMuch = false
  const count = (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes <= FIXED.resultBytes) return
    tooMuch = true
    stream.destroy()
  }
  stream.on('data', count)
  try {
    const { rows } = await client.query<R>({ text, values: [...params], queryMode: 'extended' } as pg.QueryConfig)
    return rows
  } catch (error) {
    if (tooMuch) throw new Error(`The query gave more than ${FIXED.resultBytes / 1024 ** 2} MiB.`, { cause: error })
    signal.throwIfAborted()
    throw error
  } finally {
    stream.off('data', count)
  }
}
