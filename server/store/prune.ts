import { setTimeout as rest } from 'node:timers/promises'
import type { Tx } from './transaction.ts'

/** Few enough that a slice takes some milliseconds: whoever asks for something meanwhile waits for it. */
const PRUNED_AT_A_TIME = 20

/**
 * Forgets files and events of the submissions that were over before `before`; returns how many they were. In small
 * transactions, and as long as each took, everybody else has the store and the process to themselves.
 */
export async function prune(transact: <Result>(work: (tx: Tx) => Promise<Result>) => Promise<Result>, before: string): Promise<number> {
  for (let pruned = 0; ;) {
    const began = performance.now()
    const some = await transact(tx => pruneSome(tx, before))
    pruned += some
    if (some < PRUNED_AT_A_TIME) return pruned
    await rest(performance.now() - began)
  }
}

async function pruneSome(tx: Tx, before: string): Promise<number> {
  const rows = await tx.db
    .selectFrom('submissions')
    .select('id')
    .where('pruned_at', 'is', null)
    .where('finished_at', '<', before)
    .limit(PRUNED_AT_A_TIME)
    .execute()
  if (rows.length === 0) return 0
  const ids = rows.map(row => row.id)
  await tx.db.deleteFrom('submission_files').where('submission_id', 'in', ids).execute()
  await tx.db.deleteFrom('events').where('submission_id', 'in', ids).execute()
  await tx.db.updateTable('submissions').set({ pruned_at: tx.at }).where('id', 'in', ids).execute()
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
