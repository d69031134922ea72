import type { Tx } from './transaction.ts'

/** Forgets files and events of up to `limit` submissions that were over before `before`; returns how many they were. */
export async function pruneSome(tx: Tx, before: string, limit: number): Promise<number> {
  const rows = await tx.db
    .selectFrom('submissions')
    .select('id')
    .where('pruned_at', 'is', null)
    .where('finished_at', '<', before)
    .limit(limit)
    .execute()
  for (const { id } of rows) {
    await tx.db.deleteFrom('submission_files').where('submission_id', '=', id).execute()
    await tx.db.deleteFrom('events').where('submission_id', '=', id).execute()
    await tx.db.updateTable('submissions').set({ pruned_at: tx.at }).where('id', '=', id).execute()
  }
  return rows.length
}

export async function isPruned(db: Tx['db'], submissionId: string): Promise<boolean> {
  const row = await db.selectFrom('submissions').select('pruned_at').where('id', '=', submissionId).executeTakeFirst()
  return row !== undefined && row.pruned_at !== null
}

/** Forgets workers that nobody has heard of since `before`. */
export async function pruneWorkers(tx: Tx, before: string): Promise<void> {
  await tx.db.deleteFrom('workers').where('seen_at', '<', before).execute()
}
