import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { setTimeout as wait } from 'node:timers/promises'
import type { Held } from '../authoring/fixtures.ts'
import type { Pod } from '../pod.ts'
import { INSPECTOR, LEARNER } from '../sql/roles.ts'
import { closeSession } from '../sql/server.ts'
import type { Waiting } from './waiting.ts'

const LOOK_EVERY_MS = 5

/** Locks a table in a session of its own; `close` lets it go, whatever came. */
export async function holdTable(pod: Pod, table: string, signal: AbortSignal, waiting: Waiting): Promise<Held & { close: () => void }> {
  const name = `public.${escapeIdentifier(table)}`
  const client = await pod.openDb(INSPECTOR, 'app', { search_path: 'public' })
  const close = () => client.connection.stream.destroy()
  signal.addEventListener('abort', close)
  try {
    await client.query('BEGIN')
    await waiting.during(`the lock on table ${table}`, client.query(`LOCK TABLE ${name} IN EXCLUSIVE MODE`))
  } catch (error) {
    close()
    throw error
  }
  return {
    untilWaiting: count => {
      const who = count === 1 ? 'the program' : `${count} statements of the program`
      return waiting.during(`${who} to write to table ${table}, which the test holds`, untilWaiting(client, name, count, signal))
    },
    release: () => closeSession(client),
    close,
  }
}

/** The program's, and for the table itself. Other sessions' locks and roles can be seen by everybody. */
async function untilWaiting(client: Client, name: string, count: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted()
    // A transaction sees the sessions that there were when it first looked.
    await client.query('SELECT pg_stat_clear_snapshot()')
    const { rows } = await client.query<{ waiting: number }>(
      `SELECT count(*)::integer AS waiting FROM pg_locks JOIN pg_stat_activity USING (pid)
       WHERE NOT granted AND locktype = 'relation' AND relation = ${escapeLiteral(name)}::regclass AND usename = '${LEARNER}'`,
    )
    if (rows[0]!.waiting >= count) return
    await wait(LOOK_EVERY_MS)
  }
}
