import { sql, type Kysely, type Selectable } from 'kysely'
import { chooseIndex } from './choose-index.ts'
import type { Page, Submission, SubmissionFilter } from './store.ts'
import type { Tables } from './tables.ts'

const withVersion = (db: Kysely<Tables>) =>
  db
    .selectFrom('submissions')
    .innerJoin('gradings', 'gradings.id', 'submissions.grading_id')
    .selectAll('submissions')
    .select('gradings.version')

export async function readSubmission(db: Kysely<Tables>, id: string): Promise<Submission | undefined> {
  const row = await withVersion(db).where('submissions.id', '=', id).executeTakeFirst()
  return row && toSubmission(row)
}

export async function byIdempotencyKey(
  db: Kysely<Tables>,
  owner: string,
  key: string,
): Promise<{ submission: Submission; requestHash: string } | undefined> {
  const row = await withVersion(db).where('submissions.owner', '=', owner).where('idempotency_key', '=', key).executeTakeFirst()
  return row && { submission: toSubmission(row), requestHash: row.request_hash! }
}

export async function listSubmissions(
  db: Kysely<Tables>,
  filter: SubmissionFilter,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Page<Submission>> {
  const choice = chooseIndex(filter)
  if (!choice) return { items: [], nextCursor: null }
  let query = withVersion(db)
    .orderBy('submissions.id', 'desc')
    .limit(limit + 1)
  if (cursor) query = query.where('submissions.id', '<', cursor)
  for (const [name, value] of filtersOf(choice.indexed)) query = query.where(`submissions.${COLUMNS[name]}`, '=', value)
  // What isn't a bare column leads to no index, in any database.
  for (const [name, value] of filtersOf(choice.checked))
    query = query.where(sql<boolean>`${sql.ref(`submissions.${COLUMNS[name]}`)} || '' = ${value}`)
  const rows = await query.execute()
  const items = rows.slice(0, limit).map(toSubmission)
  return { items, nextCursor: rows.length > limit ? items.at(-1)!.id : null }
}

const COLUMNS = { owner: 'owner', group: 'group_name', slug: 'slug', state: 'state', outcome: 'outcome' } as const

function filtersOf(filter: SubmissionFilter) {
  return Object.entries(filter) as [keyof typeof COLUMNS, never][]
}

function toSubmission(row: Selectable<Tables['submissions']> & { version: string }): Submission {
  return {
    id: row.id,
    owner: row.owner,
    group: row.group_name,
    slug: row.slug,
    runtime: row.runtime,
    mode: row.mode,
    state: row.state,
    outcome: row.outcome,
    score: row.score_earned === null ? null : { earned: row.score_earned, possible: row.score_possible! },
    gradingId: row.grading_id,
    version: row.version,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  }
}
