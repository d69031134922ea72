import type { Report } from '../../core/report.ts'
import type { FileMap } from '../../core/submission.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { Claim, GradingEvent } from '../../core/worker-api.ts'
import { addGrading, endGrading, gradingRow, waitAgain, type GradingRow } from './gradings.ts'
import { finish } from './submissions.ts'
import { addEvents, type Tx } from './transaction.ts'

/*
 * What a worker may do with a grading. Each claim makes a new fencing token, and only the newest token's words count:
 * a worker that was thought lost may still deliver as long as nobody has claimed the grading after it.
 */

/** After so many vanished workers a grading is tried again; at the next one it may be what kills them. */
const LOSSES_ALLOWED = 1
/** A grader_error is graded once more. */
const FAULTS_ALLOWED = 1

export async function claim(tx: Tx, gradingId: string, workerId: string): Promise<Claim | undefined> {
  const grading = await gradingRow(tx.db, gradingId)
  if (!grading || (grading.state !== 'waiting' && grading.state !== 'dispatched')) return undefined
  const submission = await tx.db
    .selectFrom('submissions')
    .select(['slug', 'runtime', 'mode'])
    .where('id', '=', grading.submission_id)
    .executeTakeFirstOrThrow()
  const exercise = await tx.db
    .selectFrom('exercise_versions')
    .select('tests_json')
    .where('version', '=', grading.version)
    .executeTakeFirstOrThrow()
  const token = grading.token + 1
  await tx.db
    .updateTable('gradings')
    .set({ state: 'running', token, worker_id: workerId, started_at: tx.at })
    .where('id', '=', gradingId)
    .execute()
  await tx.db.updateTable('submissions').set({ state: 'running' }).where('id', '=', grading.submission_id).execute()
  await addEvents(tx, grading.submission_id, [{ type: 'started' }])
  return {
    gradingId,
    submissionId: grading.submission_id,
    token,
    slug: submission.slug,
    version: grading.version,
    ...(exercise.tests_json !== null && { tests: JSON.parse(exercise.tests_json) as TestFact[] }),
    runtime: submission.runtime,
    mode: submission.mode,
    reason: grading.reason,
    seed: grading.seed,
    files: await readFiles(tx.db, grading.submission_id),
  }
}

export async function readFiles(db: Tx['db'], submissionId: string): Promise<FileMap> {
  const rows = await db.selectFrom('submission_files').select(['path', 'content']).where('submission_id', '=', submissionId).execute()
  return Object.fromEntries(rows.map(row => [row.path, row.content]))
}

export async function recordEvents(
  tx: Tx,
  gradingId: string,
  token: number,
  events: readonly GradingEvent[],
): Promise<'recorded' | 'superseded'> {
  const grading = await gradingRow(tx.db, gradingId)
  if (!grading || grading.token !== token || grading.state === 'finished') return 'superseded'
  await addNews(tx, grading, events)
  return 'recorded'
}

async function addNews(tx: Tx, { submission_id }: GradingRow, events: readonly GradingEvent[]): Promise<void> {
  // The claim has said that it started.
  await addEvents(
    tx,
    submission_id,
    events.filter(event => event.type !== 'started'),
  )
}

export async function recordReport(
  tx: Tx,
  gradingId: string,
  token: number,
  report: Report,
  events: readonly GradingEvent[] = [],
): Promise<'recorded' | 'already_recorded' | 'superseded'> {
  const grading = await gradingRow(tx.db, gradingId)
  if (!grading || grading.token !== token) return 'superseded'
  if (grading.state === 'finished') return grading.report_json === null ? 'superseded' : 'already_recorded'
  await addNews(tx, grading, events)
  const { outcome } = report
  await endGrading(tx, gradingId, { outcome, counted: true, report, message: report.reason?.message })
  const faulty = outcome === 'grader_error' && (await faultsInRound(tx, grading)) <= FAULTS_ALLOWED
  if (faulty) await retry(tx, { ...grading, seed: report.seed })
  else await finish(tx, grading.submission_id, outcome, report.score)
  return 'recorded'
}

async function faultsInRound(tx: Tx, grading: GradingRow): Promise<number> {
  const row = await tx.db
    .selectFrom('gradings')
    .select(count => count.fn.countAll().as('faults'))
    .where('submission_id', '=', grading.submission_id)
    .where('round', '=', grading.round)
    .where('outcome', '=', 'grader_error')
    .where('counted', '=', 1)
    .executeTakeFirstOrThrow()
  return Number(row.faults)
}

async function retry(tx: Tx, { submission_id, round, version, seed }: GradingRow): Promise<void> {
  await addGrading(tx, { submissionId: submission_id, reason: 'retry', round, version, seed })
}

export async function giveBack(
  tx: Tx,
  gradingId: string,
  token: number,
  reason: 'engine_away' | 'shutdown',
  message?: string,
): Promise<'given_back' | 'superseded'> {
  const grading = await gradingRow(tx.db, gradingId)
  if (!grading || grading.token !== token || grading.state !== 'running') return 'superseded'
  if (reason === 'shutdown') await waitAgain(tx, grading)
  else {
    await endGrading(tx, gradingId, { outcome: 'grader_error', counted: false, message: message ?? 'the engine was away' })
    await retry(tx, grading)
  }
  return 'given_back'
}

/** The worker that ran it is gone. The grading waits again, unless it keeps taking its workers with it. */
export async function lose(tx: Tx, grading: GradingRow): Promise<void> {
  const losses = grading.losses + 1
  if (losses <= LOSSES_ALLOWED) return await waitAgain(tx, grading, losses)
  const message = `${losses} workers vanished while they graded it; the last was ${grading.worker_id}`
  await endGrading(tx, grading.id, { outcome: 'grader_error', counted: true, message })
  await finish(tx, grading.submission_id, 'grader_error', null)
}
