import Database from 'better-sqlite3'
import type { ExerciseVersion, RawBundle } from '../../server/store/store.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import { history, ownerName, OWNERS, groupOf, type Past, type PastGrading, type Shape } from './history.ts'
import { fullReport, sampleEvents, sampleFiles, shortReport } from './sample-content.ts'

/*
 * Fills a store as three years would have. The store makes its own tables; the rows then go in past it, in transactions of
 * thousands and without the secondary indices, which are made again at the end: through the store's own methods a million
 * submissions would take hours.
 */
const ROWS_AT_A_TIME = 20_000

export type Filled = { submissions: number; gradings: number; events: number; seconds: number }

type Row = Record<string, string | number | null>

export async function generate(
  path: string,
  bundles: readonly RawBundle[],
  shape: Shape,
  onProgress: (words: string) => void,
): Promise<Filled> {
  const began = performance.now()
  const store = await openSqliteStore({ path })
  await store.publish(bundles)
  await store.close()

  const database = new Database(path)
  // A machine that dies meanwhile leaves a broken store: it is made anew then.
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -500000', 'foreign_keys = OFF']) database.pragma(pragma)
  const run = (statement: string) => void database.prepare(statement).run([])
  const indices = database.prepare(`select name, sql from sqlite_master where type = 'index' and sql is not null`).all([]) as {
    name: string
    sql: string
  }[]
  for (const { name } of indices) run(`drop index ${name}`)

  const insert = inserter(database)
  const counts = { submissions: 0, gradings: 0, events: 0 }
  run('begin')
  const versions = bundles.map(bundle => pastVersions(bundle, shape, insert))
  for (let owner = 0; owner < OWNERS; owner++) insert('tokens', tokenRow(owner, shape.now))
  for (const past of history(shape)) {
    const bundle = bundles[past.exercise]!
    counts.events += addSubmission(insert, past, bundle.slug, versions[past.exercise]!)
    counts.gradings += past.gradings.length
    counts.submissions++
    if (counts.submissions % ROWS_AT_A_TIME > 0) continue
    run('commit')
    onProgress(`${counts.submissions.toLocaleString('en-US')} submissions`)
    run('begin')
  }
  run('commit')
  for (const { name, sql } of indices) {
    onProgress(`index ${name}`)
    run(sql)
  }
  database.pragma('journal_mode = WAL')
  database.close()
  return { ...counts, seconds: (performance.now() - began) / 1000 }
}

type Insert = (table: string, row: Row) => void

/** One prepared statement for each table. */
function inserter(database: Database): Insert {
  const statements = new Map<string, ReturnType<Database['prepare']>>()
  return (table, row) => {
    const columns = Object.keys(row)
    const statement =
      statements.get(table) ??
      database.prepare(`insert into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`)
    statements.set(table, statement)
    statement.run(Object.values(row))
  }
}

/** The versions that an exercise has had, oldest first; the last is the one on offer. They differ in their hash alone. */
function pastVersions(bundle: RawBundle, { versions }: Shape, insert: Insert): ExerciseVersion['version'][] {
  const older = Array.from({ length: versions - 1 }, (_, index) => `${String(index).padStart(4, '0')}${bundle.version.slice(4)}`)
  for (const version of older) {
    const bundle_json = JSON.stringify({ ...bundle, version })
    insert('exercise_versions', {
      version,
      slug: bundle.slug,
      bundle_json,
      tests_json: '[]',
      current: 0,
      published_at: '2024-01-01T00:00:00.000Z',
    })
  }
  return [...older, bundle.version]
}

function tokenRow(owner: number, now: Date): Row {
  const id = owner.toString(16).padStart(16, '0')
  const facts = { owner: ownerName(owner), group_name: groupOf(owner), role: 'learner' }
  return { id, secret_hash: '0'.repeat(64), ...facts, created_at: now.toISOString(), revoked_at: null }
}

const FILES = Object.entries(sampleFiles())

function addSubmission(insert: Insert, past: Past, slug: string, versions: readonly string[]): number {
  const { id, outcome } = past
  const scored = outcome !== null && outcome !== 'cancelled'
  insert('submissions', {
    id,
    owner: past.owner,
    group_name: past.group,
    slug,
    runtime: 'node',
    mode: past.mode,
    state: past.state,
    outcome,
    score_earned: scored ? 5 : null,
    score_possible: scored ? 10 : null,
    grading_id: past.gradings.at(-1)!.id,
    idempotency_key: past.key,
    request_hash: past.key && 'c'.repeat(64),
    created_at: past.createdAt,
    finished_at: past.finishedAt,
    pruned_at: past.pruned ? past.finishedAt : null,
  })
  for (const grading of past.gradings) insert('gradings', gradingRow(past, grading, slug, versions[grading.version]!))
  if (past.pruned) return 0
  for (const [path, content] of FILES) insert('submission_files', { submission_id: id, path, content })
  const events = sampleEvents(outcome)
  for (const [index, event] of events.entries())
    insert('events', { submission_id: id, id: index + 1, at: past.createdAt, event_json: JSON.stringify(event) })
  return events.length
}

function gradingRow(past: Past, grading: PastGrading, slug: string, version: string): Row {
  const { id, outcome, state } = grading
  const about = outcome && { slug, version, seed: 1, mode: past.mode, outcome }
  const report = about && outcome !== 'cancelled' ? (past.pruned ? shortReport(about) : fullReport(about)) : null
  return {
    id,
    submission_id: past.id,
    reason: grading.reason,
    round: grading.round,
    version,
    seed: 1,
    state,
    token: state === 'running' || state === 'finished' ? 1 : 0,
    worker_id: state === 'running' || state === 'finished' ? 'worker-1' : null,
    losses: 0,
    outcome,
    counted: outcome === 'cancelled' ? 0 : 1,
    message: null,
    report_json: report && JSON.stringify(report),
    created_at: grading.createdAt,
    dispatched_at: state === 'waiting' ? null : grading.createdAt,
    started_at: grading.startedAt,
    finished_at: grading.finishedAt,
  }
}
