import { sql, type Kysely } from 'kysely'
import type { GradingState, InLine } from './store.ts'
import type { Tables } from './tables.ts'
import type { Measured } from './usual-durations.ts'

/** What doesn't change about a grading while it waits and runs. */
export type Facts = Omit<InLine, 'token'> & { version: string }
export type Unfinished = Facts & {
  submissionId: string
  token: number
  state: GradingState
  dispatchedAt: number | undefined
  startedAt: number | undefined
}

const FACTS_AT_A_TIME = 500

/** Whether a regrade came before it in its round: its retry is no more urgent than it was. */
const isOfRegrade = sql<number | boolean>`exists (
  select 1 from gradings as earlier
  where earlier.submission_id = gradings.submission_id and earlier.round = gradings.round and earlier.reason = 'regrade')`

/**
 * Every unfinished grading. `known` are the facts that an earlier call found: only of what is new are they read again, so
 * that a long line costs little more than the reading of an index.
 */
export async function readUnfinished(db: Kysely<Tables>, known: ReadonlyMap<string, Facts>): Promise<Unfinished[]> {
  const rows = await db
    .selectFrom('gradings')
    .select(['id', 'submission_id', 'token', 'state', 'dispatched_at', 'started_at'])
    // Not by the states: a database that counts them thinks that three of four are nearly all rows, and reads the whole table.
    .where('finished_at', 'is', null)
    .execute()
  const fresh = await readFacts(
    db,
    rows.filter(row => !known.has(row.id)).map(row => row.id),
  )
  return rows.flatMap(row => {
    const facts = known.get(row.id) ?? fresh.get(row.id)
    if (!facts) return []
    const { submission_id: submissionId, token, state, dispatched_at, started_at } = row
    return [{ ...facts, submissionId, token, state, dispatchedAt: time(dispatched_at), startedAt: time(started_at) }]
  })
}

async function readFacts(db: Kysely<Tables>, ids: readonly string[]): Promise<Map<string, Facts>> {
  const facts = new Map<string, Facts>()
  for (let from = 0; from < ids.length; from += FACTS_AT_A_TIME) {
    const rows = await db
      .selectFrom('gradings')
      .innerJoin('submissions', 'submissions.id', 'gradings.submission_id')
      .select(['gradings.id', 'gradings.reason', 'gradings.version', 'submissions.owner', 'submissions.group_name'])
      .select(isOfRegrade.as('of_regrade'))
      .where('gradings.id', 'in', ids.slice(from, from + FACTS_AT_A_TIME))
      .execute()
    for (const { id, reason, version, owner, group_name, of_regrade } of rows) {
      const behind = reason === 'regrade' || (reason === 'retry' && Boolean(of_regrade))
      facts.set(id, { gradingId: id, owner, group: group_name, behind, version })
    }
  }
  return facts
}

const FINISHED_AT_A_TIME = 200

export type Finished = { id: string; at: string; /** Where it says how long gradings take. */ measured: Measured | undefined }

/** Gradings that finished at `since` or later (an ISO time; without it the last ones of all), in the order in which they did. */
export async function readFinished(db: Kysely<Tables>, since: string | undefined): Promise<Finished[]> {
  const finished = db
    .selectFrom('gradings')
    .select(['id', 'version', 'outcome', 'counted', 'dispatched_at', 'started_at', 'finished_at'])
    .limit(FINISHED_AT_A_TIME)
  const rows = since
    ? await finished.where('finished_at', '>=', since).orderBy('finished_at').execute()
    : (await finished.where('finished_at', 'is not', null).orderBy('finished_at', 'desc').execute()).toReversed()
  return rows.map(({ id, version, outcome, counted, dispatched_at, started_at, finished_at }) => {
    const at = finished_at!
    if (!started_at || !counted || outcome === 'cancelled' || outcome === 'grader_error') return { id, at, measured: undefined }
    return {
      id,
      at,
      measured: { version, dispatchedAt: time(dispatched_at), startedAt: Date.parse(started_at), finishedAt: Date.parse(at) },
    }
  })
}

function time(text: string | null): number | undefined {
  return text === null ? undefined : Date.parse(text)
}
