import { randomInt } from 'node:crypto'
import type { Outcome } from '../../core/outcome.ts'
import type { Score } from '../../core/score.ts'
import type { SubmissionState } from '../../core/submission.ts'
import type { Kysely } from 'kysely'
import { addFirstGrading, addGrading, endGrading } from './gradings.ts'
import { byIdempotencyKey, readSubmission } from './read-submissions.ts'
import { isPruned } from './prune.ts'
import type { Accepted, NewSubmission, Requeued } from './store.ts'
import type { Tables } from './tables.ts'
import { addEvents, type Tx } from './transaction.ts'

export async function accept(tx: Tx, given: NewSubmission): Promise<Accepted> {
  const repeated = given.idempotency && (await findRepeated(tx, given.owner, given.idempotency))
  if (repeated) return repeated
  const waiting = await countInState(tx.db, 'queued')
  if (waiting >= given.maxWaiting) return { result: 'line_full', waiting }

  const id = tx.newId('sub')
  const gradingId = tx.newId('grd')
  await tx.db
    .insertInto('submissions')
    .values({
      id,
      owner: given.owner,
      group_name: given.group,
      slug: given.slug,
      runtime: given.runtime,
      mode: given.mode,
      state: 'queued',
      outcome: null,
      score_earned: null,
      score_possible: null,
      grading_id: gradingId,
      idempotency_key: given.idempotency?.key ?? null,
      request_hash: given.idempotency?.requestHash ?? null,
      created_at: tx.at,
      finished_at: null,
      pruned_at: null,
    })
    .execute()
  const files = Object.entries(given.files).map(([path, content]) => ({ submission_id: id, path, content }))
  if (files.length > 0) await tx.db.insertInto('submission_files').values(files).execute()
  await addFirstGrading(tx, { id: gradingId, submissionId: id, version: given.version, seed: newSeed() })
  const submission = await readSubmission(tx.db, id)
  return { result: 'accepted', submission: submission! }
}

/** 31 bits: a seed is also shown to people and passed to PostgreSQL as an integer. */
function newSeed(): number {
  return randomInt(1, 2 ** 31)
}

async function findRepeated(
  tx: Tx,
  owner: string,
  { key, requestHash }: { key: string; requestHash: string },
): Promise<Accepted | undefined> {
  const earlier = await byIdempotencyKey(tx.db, owner, key)
  if (!earlier) return undefined
  if (earlier.requestHash !== requestHash) return { result: 'key_reused' }
  return { result: 'repeated', submission: earlier.submission }
}

export async function countInState(db: Kysely<Tables>, state: SubmissionState): Promise<number> {
  const row = await db
    .selectFrom('submissions')
    .select(count => count.fn.countAll().as('submissions'))
    .where('state', '=', state)
    .executeTakeFirstOrThrow()
  return Number(row.submissions)
}

export async function cancel(tx: Tx, submissionId: string): Promise<'cancelled' | 'already_over' | 'unknown'> {
  const submission = await readSubmission(tx.db, submissionId)
  if (!submission) return 'unknown'
  if (submission.finishedAt !== null) return 'already_over'
  await endGrading(tx, submission.gradingId, { outcome: 'cancelled', counted: false })
  await finish(tx, submissionId, 'cancelled', null)
  return 'cancelled'
}

export async function requeue(tx: Tx, submissionId: string): Promise<Requeued> {
  const submission = await readSubmission(tx.db, submissionId)
  if (!submission) return 'unknown'
  if (submission.outcome !== 'grader_error') return 'not_a_grader_error'
  // Without its files it would be refused, as if the learner had handed in none.
  if (await isPruned(tx.db, submissionId)) return 'pruned'
  const last = await tx.db.selectFrom('gradings').selectAll().where('id', '=', submission.gradingId).executeTakeFirstOrThrow()
  // Nothing was decided by the old version, and it may be what was broken.
  const current = await tx.db
    .selectFrom('exercise_versions')
    .select('version')
    .where('slug', '=', submission.slug)
    .where('current', '=', 1)
    .executeTakeFirst()
  const version = current?.version ?? last.version
  await addGrading(tx, { submissionId, reason: 'retry', round: last.round + 1, version, seed: last.seed })
  return 'queued'
}

/** Ends a submission and tells its followers. */
export async function finish(tx: Tx, submissionId: string, outcome: Outcome, score: Score | null): Promise<void> {
  await tx.db
    .updateTable('submissions')
    .set({
      state: outcome === 'cancelled' ? 'cancelled' : 'finished',
      outcome,
      score_earned: score?.earned ?? null,
      score_possible: score?.possible ?? null,
      finished_at: tx.at,
    })
    .where('id', '=', submissionId)
    .execute()
  await addEvents(tx, submissionId, [{ type: 'finished', outcome, score }])
  tx.lineMoved = true
}
