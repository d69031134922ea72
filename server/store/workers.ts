import type { Kysely } from 'kysely'
import { HEARTBEAT_MS, type Heartbeat } from '../../core/worker-api.ts'
import type { Worker } from './store.ts'
import type { Tables } from './tables.ts'
import type { Tx } from './transaction.ts'
import { lose } from './verdicts.ts'

/** A heartbeat may have been written before a claim that was answered meanwhile: a younger claim isn't missed in it. */
const CLAIM_SETTLES_MS = 3 * HEARTBEAT_MS

export async function heartbeat(tx: Tx, workerId: string, beat: Heartbeat): Promise<{ stop: string[] }> {
  const heartbeat_json = JSON.stringify(beat)
  await tx.db
    .insertInto('workers')
    .values({ id: workerId, seen_at: tx.at, heartbeat_json })
    .onConflict(conflict => conflict.column('id').doUpdateSet({ seen_at: tx.at, heartbeat_json }))
    .execute()
  tx.lineMoved = true
  await returnUnlisted(tx, workerId, new Set(beat.gradings.map(grading => grading.id)))
  return { stop: await toStop(tx, beat.gradings) }
}

async function returnUnlisted(tx: Tx, workerId: string, listed: ReadonlySet<string>): Promise<void> {
  const settled = new Date(Date.parse(tx.at) - CLAIM_SETTLES_MS).toISOString()
  const claimed = await tx.db
    .selectFrom('gradings')
    .selectAll()
    .where('state', '=', 'running')
    .where('worker_id', '=', workerId)
    .where('started_at', '<', settled)
    .execute()
  for (const grading of claimed) if (!listed.has(grading.id)) await lose(tx, grading)
}

/** Those that are over, or that somebody claimed later. */
async function toStop(tx: Tx, gradings: Heartbeat['gradings']): Promise<string[]> {
  if (gradings.length === 0) return []
  const rows = await tx.db
    .selectFrom('gradings')
    .select(['id', 'token'])
    .where(
      'id',
      'in',
      gradings.map(grading => grading.id),
    )
    .where('state', '!=', 'finished')
    .execute()
  const tokens = new Map(rows.map(row => [row.id, row.token]))
  return gradings.filter(grading => tokens.get(grading.id) !== grading.token).map(grading => grading.id)
}

export async function returnLost(tx: Tx, silentSince: string): Promise<number> {
  const rows = await tx.db
    .selectFrom('gradings')
    .leftJoin('workers', 'workers.id', 'gradings.worker_id')
    .selectAll('gradings')
    .where('gradings.state', '=', 'running')
    // A claim is a sign of life too.
    .where('gradings.started_at', '<', silentSince)
    .where(row => row.or([row('workers.seen_at', 'is', null), row('workers.seen_at', '<', silentSince)]))
    .execute()
  for (const grading of rows) await lose(tx, grading)
  return rows.length
}

export async function listWorkers(db: Kysely<Tables>): Promise<Worker[]> {
  const rows = await db.selectFrom('workers').selectAll().orderBy('id').execute()
  return rows.map(row => ({ id: row.id, seenAt: row.seen_at, heartbeat: JSON.parse(row.heartbeat_json) as Heartbeat }))
}
