import { sql, type Kysely } from 'kysely'
import { liveSlots } from '../../core/live-workers.ts'
import type { Counts, Dispatched, InLine, Line, Place } from './store.ts'
import type { Tables } from './tables.ts'
import type { Tx } from './transaction.ts'
import { listWorkers } from './workers.ts'

/*
 * The waiting line. A grading's turn is how many of the same owner's stand before it: who hands in a hundred at once
 * waits for their own, not everybody else for them. Regrades stand behind everything that a learner waits for.
 */
const turns = (db: Kysely<Tables>) =>
  db
    .selectFrom('gradings')
    .innerJoin('submissions', 'submissions.id', 'gradings.submission_id')
    .where('gradings.state', '=', 'waiting')
    .select(['gradings.id', 'gradings.submission_id', 'gradings.reason', 'submissions.owner', 'submissions.group_name'])
    .select(sql<number>`case when gradings.reason = 'regrade' then 1 else 0 end`.as('behind'))
    .select(
      sql<number>`row_number() over (
        partition by submissions.group_name, submissions.owner, case when gradings.reason = 'regrade' then 1 else 0 end
        order by gradings.submission_id)`.as('turn'),
    )

export async function readLine(db: Kysely<Tables>, perOwner: number): Promise<Line> {
  const waiting = await db.selectFrom(turns(db).as('turns')).selectAll().where('turn', '<=', perOwner).orderBy('submission_id').execute()
  const inFlight = await db
    .selectFrom('gradings')
    .innerJoin('submissions', 'submissions.id', 'gradings.submission_id')
    .select(['gradings.id', 'gradings.reason', 'submissions.owner', 'submissions.group_name'])
    .where('gradings.state', 'in', ['dispatched', 'running'])
    .execute()
  return { waiting: waiting.map(toInLine), inFlight: inFlight.map(toInLine) }
}

function toInLine(row: { id: string; owner: string; group_name: string; reason: InLine['reason'] }): InLine {
  return { gradingId: row.id, owner: row.owner, group: row.group_name, reason: row.reason }
}

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

export async function undispatch(tx: Tx, gradingIds: readonly string[]): Promise<void> {
  for (const id of gradingIds) {
    await tx.db
      .updateTable('gradings')
      .set({ state: 'waiting', dispatched_at: null })
      .where('id', '=', id)
      .where('state', '=', 'dispatched')
      .execute()
  }
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

/** What a grading is thought to take as long as none has been measured. */
const FIRST_GUESS_MS = 3000
const MEASURED_GRADINGS = 50

export async function placeInLine(db: Kysely<Tables>, submissionId: string, now: Date): Promise<Place | undefined> {
  const mine = await db
    .selectFrom('submissions')
    .innerJoin('gradings', 'gradings.id', 'submissions.grading_id')
    .select(['gradings.id', 'gradings.state', 'gradings.dispatched_at'])
    .where('submissions.id', '=', submissionId)
    .executeTakeFirst()
  if (mine?.state !== 'waiting' && mine?.state !== 'dispatched') return undefined
  const { dispatched, running } = await counts(db)
  const ahead =
    mine.state === 'dispatched' ? await dispatchedBefore(db, mine.dispatched_at!) : dispatched + (await waitingBefore(db, mine.id))
  const slots = liveSlots(await listWorkers(db), now)
  if (slots === 0) return { position: ahead + 1, estimatedWaitSeconds: null }
  const rounds = Math.ceil(Math.max(0, ahead + 1 + running - slots) / slots)
  return { position: ahead + 1, estimatedWaitSeconds: Math.ceil((rounds * (await usualDurationMs(db))) / 1000) }
}

async function dispatchedBefore(db: Kysely<Tables>, dispatchedAt: string): Promise<number> {
  const row = await db
    .selectFrom('gradings')
    .select(count => count.fn.countAll().as('gradings'))
    .where('state', '=', 'dispatched')
    .where('dispatched_at', '<', dispatchedAt)
    .executeTakeFirstOrThrow()
  return Number(row.gradings)
}

async function waitingBefore(db: Kysely<Tables>, gradingId: string): Promise<number> {
  const row = await db
    .with('turns', () => turns(db))
    .with('mine', part => part.selectFrom('turns').select(['behind', 'turn', 'submission_id']).where('id', '=', gradingId))
    .selectFrom(['turns', 'mine'])
    .select(count => count.fn.countAll().as('gradings'))
    .where(sql<boolean>`(turns.behind, turns.turn, turns.submission_id) < (mine.behind, mine.turn, mine.submission_id)`)
    .executeTakeFirstOrThrow()
  return Number(row.gradings)
}

async function usualDurationMs(db: Kysely<Tables>): Promise<number> {
  const rows = await db
    .selectFrom('gradings')
    .select(['started_at', 'finished_at'])
    .where('finished_at', 'is not', null)
    .orderBy('finished_at', 'desc')
    .limit(MEASURED_GRADINGS)
    .execute()
  const durations = rows.flatMap(row => (row.started_at ? [Date.parse(row.finished_at!) - Date.parse(row.started_at)] : []))
  return durations.length === 0 ? FIRST_GUESS_MS : durations.reduce((sum, ms) => sum + ms, 0) / durations.length
}
