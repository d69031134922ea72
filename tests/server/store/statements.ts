import Database from 'better-sqlite3'
import { vi } from 'vitest'

/**
 * Every statement that is run from now on by stores of this process that are opened from now on, since they keep what they
 * prepare; with what was going on: `during` says so.
 */
export function catchStatements() {
  const caught = new Map<string, Set<string>>()
  let now = 'opening'
  const prepare: (this: Database, statement: string) => ReturnType<Database['prepare']> = Reflect.get(Database.prototype, 'prepare')
  vi.spyOn(Database.prototype, 'prepare').mockImplementation(function (this: Database, statement: string) {
    const prepared = prepare.call(this, statement)
    if (!/^\s*(select|insert|update|delete|with)\b/i.test(statement)) return prepared
    const note = () => void caught.set(statement, (caught.get(statement) ?? new Set()).add(now))
    const all = prepared.all.bind(prepared)
    const run = prepared.run.bind(prepared)
    return Object.assign(prepared, {
      all: (parameters: readonly unknown[]) => (note(), all(parameters)),
      run: (parameters: readonly unknown[]) => (note(), run(parameters)),
    })
  })
  return {
    caught: caught as ReadonlyMap<string, ReadonlySet<string>>,
    during: <Result>(what: string, work: () => Promise<Result>): Promise<Result> => {
      now = what
      return work()
    },
    [Symbol.dispose]: () => void vi.restoreAllMocks(),
  }
}

/** The steps by which SQLite would do it, in its own words: `SEARCH gradings USING INDEX …`, `SCAN workers`. */
export function planOf(database: Database, statement: string): string[] {
  const values = Array.from(statement.matchAll(/\?/g), () => null)
  const steps = database.prepare(`explain query plan ${statement}`).all(values) as { detail: string }[]
  return steps.map(step => step.detail)
}

/** As ANALYZE leaves them on a store of a million submissions (npm run bench:growth makes one): rows, then rows for one value of the first column, of the first two, … */
const GROWN: Record<string, Record<string, string>> = {
  submissions: {
    sqlite_autoindex_submissions_1: '1000000 1',
    submissions_group: '1000000 25000 1',
    submissions_group_outcome: '1000000 25000 2273 1',
    submissions_group_slug: '1000000 25000 417 1 1',
    submissions_idempotency: '1000000 200 4',
    submissions_outcome: '1000000 90910 1',
    submissions_owner: '1000000 200 1 1 1 1 1',
    submissions_slug: '1000000 16667 1',
    submissions_slug_outcome: '1000000 16667 1516 1',
    submissions_state: '1000000 250000 1 1 1',
    submissions_to_prune: '1000000 2 1',
  },
  gradings: {
    sqlite_autoindex_gradings_1: '1030413 1',
    gradings_finished: '1030413 1',
    gradings_state: '1030413 257604 1',
    gradings_submission: '1030413 1 1',
  },
  events: { sqlite_autoindex_events_1: '1525000 16 1' },
  submission_files: { sqlite_autoindex_submission_files_1: '200000 2 1' },
  exercise_versions: { sqlite_autoindex_exercise_versions_1: '600 1', exercise_versions_current: '600 300 5' },
  tokens: { sqlite_autoindex_tokens_1: '5000 1' },
  workers: { sqlite_autoindex_workers_1: '4 1' },
}

/** Has SQLite plan as if the store had grown. Returns the indices that it has no figures for. */
export function pretendGrown(path: string): string[] {
  const database = new Database(path)
  database.prepare('analyze').run([])
  for (const table of ['sqlite_stat1', 'sqlite_stat4']) database.prepare(`delete from ${table}`).run([])
  const insert = database.prepare('insert into sqlite_stat1 values (?, ?, ?)')
  for (const [table, indices] of Object.entries(GROWN))
    for (const [index, figures] of Object.entries(indices)) insert.run([table, index, figures])
  const known = new Set(Object.values(GROWN).flatMap(indices => Object.keys(indices)))
  const all = database.prepare(`select name from sqlite_master where type = 'index'`).all([]) as { name: string }[]
  database.close()
  return all.map(each => each.name).filter(name => !known.has(name))
}
