import { sql, type Kysely } from 'kysely'
import type { SubmissionEvent } from './store.ts'
import type { IdPrefix } from './ids.ts'
import type { Tables } from './tables.ts'

/** One transaction as the store's parts see it: the tables, its moment, and what to tell the process once it is committed. */
export type Tx = {
  db: Kysely<Tables>
  /** The same for everything that happens in it. */
  at: string
  newId: (prefix: IdPrefix) => string
  /** Submissions with new events. */
  touched: Set<string>
  lineMoved: boolean
}

/** Adds events to a submission, numbered on from its last one. */
export async function addEvents(tx: Tx, submissionId: string, events: readonly SubmissionEvent[]): Promise<void> {
  if (events.length === 0) return
  const last = await tx.db
    .selectFrom('events')
    .select(sql<number>`coalesce(max(id), 0)`.as('id'))
    .where('submission_id', '=', submissionId)
    .executeTakeFirstOrThrow()
  const rows = events.map((event, index) => ({
    submission_id: submissionId,
    id: last.id + index + 1,
    at: tx.at,
    event_json: JSON.stringify(event),
  }))
  await tx.db.insertInto('events').values(rows).execute()
  tx.touched.add(submissionId)
}
