import type { Kysely, Selectable } from 'kysely'
import type { Outcome } from '../../core/outcome.ts'
import type { Report } from '../../core/report.ts'
import type { GradingReason } from '../../core/submission.ts'
import type { Grading } from './store.ts'
import type { Tables } from './tables.ts'
import { addEvents, type Tx } from './transaction.ts'

/*
 * How a grading moves: the only places that change its state. Each move also moves its submission, writes the event
 * that followers read, and says that the line moved.
 */

export type GradingRow = Selectable<Tables['gradings']>

type NewGrading = { submissionId: string; reason: GradingReason; round: number; version: string; seed: number }

/** Puts a new grading into the line as its submission's current one. */
export async function addGrading(tx: Tx, given: NewGrading): Promise<void> {
  const id = tx.newId('grd')
  await insertGrading(tx, { ...given, id })
  await queued(tx, given.submissionId, id, given.reason)
}

/** The same for a submission that is new itself, and says already that it is queued for this one. */
export async function addFirstGrading(tx: Tx, given: Omit<NewGrading, 'reason' | 'round'> & { id: string }): Promise<void> {
  await insertGrading(tx, { ...given, reason: 'first', round: 1 })
  await addEvents(tx, given.submissionId, [{ type: 'queued', reason: 'first' }])
  tx.lineMoved = true
}

async function insertGrading(tx: Tx, given: NewGrading & { id: string }): Promise<void> {
  await tx.db
    .insertInto('gradings')
    .values({
      id: given.id,
      submission_id: given.submissionId,
      reason: given.reason,
      round: given.round,
      version: given.version,
      seed: given.seed,
      state: 'waiting',
      token: 0,
      worker_id: null,
      losses: 0,
      outcome: null,
      counted: 1,
      message: null,
      report_json: null,
      created_at: tx.at,
      dispatched_at: null,
      started_at: null,
      finished_at: null,
    })
    .execute()
}

/** The same grading waits again; its token stays until the next claim, so that a report already on its way still counts. */
export async function waitAgain(tx: Tx, grading: GradingRow, losses = grading.losses): Promise<void> {
  await tx.db
    .updateTable('gradings')
    .set({ state: 'waiting', losses, dispatched_at: null, started_at: null })
    .where('id', '=', grading.id)
    .execute()
  await queued(tx, grading.submission_id, grading.id, grading.reason)
}

async function queued(tx: Tx, submissionId: string, gradingId: string, reason: GradingReason): Promise<void> {
  await tx.db
    .updateTable('submissions')
    .set({ state: 'queued', grading_id: gradingId, outcome: null, score_earned: null, score_possible: null, finished_at: null })
    .where('id', '=', submissionId)
    .execute()
  await addEvents(tx, submissionId, [{ type: 'queued', reason }])
  tx.lineMoved = true
}

export async function endGrading(
  tx: Tx,
  gradingId: string,
  end: { outcome: Outcome; counted: boolean; message?: string; report?: Report },
): Promise<void> {
  await tx.db
    .updateTable('gradings')
    .set({
      state: 'finished',
      outcome: end.outcome,
      counted: end.counted ? 1 : 0,
      // PostgreSQL takes no NUL in text.
      message: end.message?.replaceAll('\0', '') ?? null,
      report_json: end.report ? JSON.stringify(end.report) : null,
      // A pod that was made ahead had drawn its own: what follows is graded as this was.
      ...(end.report && { seed: end.report.seed }),
      finished_at: tx.at,
    })
    .where('id', '=', gradingId)
    .execute()
  tx.lineMoved = true
}

export async function gradingRow(db: Kysely<Tables>, id: string): Promise<GradingRow | undefined> {
  return await db.selectFrom('gradings').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function listGradings(db: Kysely<Tables>, submissionId: string): Promise<Grading[]> {
  const rows = await db
    .selectFrom('gradings')
    .select(['id', 'submission_id', 'reason', 'version', 'seed', 'state', 'token', 'worker_id', 'outcome', 'counted', 'message'])
    .select(['created_at', 'started_at', 'finished_at'])
    .where('submission_id', '=', submissionId)
    .orderBy('id')
    .execute()
  return rows.map(row => ({
    id: row.id,
    submissionId: row.submission_id,
    reason: row.reason,
    version: row.version,
    seed: row.seed,
    state: row.state,
    token: row.token,
    workerId: row.worker_id,
    outcome: row.outcome,
    counted: row.counted === 1,
    message: row.message,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }))
}
