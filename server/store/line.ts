import type { Kysely } from 'kysely'
import type { Counts, Dispatched } from './store.ts'
import type { Tables } from './tables.ts'
import type { Tx } from './transaction.ts'

/* The waiting line as rows. Everything asked of it touches unfinished rows only. */

export async function dispatch(tx: Tx, gradingIds: readonly string[]): Promise<Dispatched[]> {
  const taken: Dispatched[] = []
  for (const id of gradingIds) {
    const changed = await tx.db
      .updateTable('gradings')
      .set({ state: 'dispatched', dispatched_at: tx.at })
      .where('id', '=', id)
      .where('state', '=', 'waiting')
      .returning('token')
      .executeTakeFirst()
    if (changed) taken.push({ gradingId: id, token: changed.token })
  }
  return taken
}

/** Returns those that were still dispatched. */
export async function undispatch(tx: Tx, gradingIds: readonly string[]): Promise<string[]> {
  const returned: string[] = []
  for (const id of gradingIds) {
    const changed = await tx.db
      .updateTable('gradings')
      .set({ state: 'waiting', dispatched_at: null })
      .where('id', '=', id)
      .where('state', '=', 'dispatched')
      .returning('id')
      .executeTakeFirst()
    if (changed) returned.push(changed.id)
  }
  return returned
}

export async function listDispatched(db: Kysely<Tables>, before: string): Promise<Dispatched[]> {
  return await db
    .selectFrom('gradings')
    .select(['id as gradingId', 'token'])
    .where('state', '=', 'dispatched')
    .where('dispatched_at', '<=', before)
    .orderBy('submission_id')
    .execute()
}

export async function counts(db: Kysely<Tables>): Promise<Counts> {
  const rows = await db
    .selectFrom('gradings')
    .select(count => ['state', count.fn.countAll().as('gradings')])
    .where('state', 'in', ['waiting', 'dispatched', 'running'])
    .groupBy('state')
    .execute()
  const inState = new Map(rows.map(row => [row.state, Number(row.gradings)]))
  const dead = await db
    .selectFrom('submissions')
    .select(count => count.fn.countAll().as('submissions'))
    .where('outcome', '=', 'grader_error')
    .executeTakeFirstOrThrow()
  return {
    waiting: inState.get('waiting') ?? 0,
    dispatched: inState.get('dispatched') ?? 0,
    running: inState.get('running') ?? 0,
    graderErrors: Number(dead.submissions),
  }
}
