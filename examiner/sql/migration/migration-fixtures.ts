import { types, type Client } from 'pg'
import type { Fixtures } from '../../authoring/fixtures.ts'
import { currentTest } from '../../authoring/test-context.ts'
import type { TableState } from '../table-state.ts'
import { TestFailure } from '../../test-failure.ts'
import { readCatalogue } from './catalogue.ts'
import { compareRows } from '../comparison/compare.ts'
import { differenceSentence } from '../comparison/difference-sentence.ts'
import { expectResumable } from './interruptions.ts'
import { keptChecks } from './kept-checks.ts'
import { lockChecks } from './lock-checks.ts'
import type { Migration, Snapshot } from './migration-fixture.ts'
import type { MigrationState } from './migration-state.ts'
import { DATABASE, WRITER, type PreparedMigration } from './prepare-migration.ts'
import { RESULT_LIMITS, runAfter, runStatement, type Failure, type RunResult } from '../run-statement.ts'
import { schemaDifference, schemaSentence, type Catalogue } from './schema-difference.ts'
import { INSPECTOR } from '../roles.ts'
import { withLook, withSession } from '../server.ts'
import { readTables } from '../table-state.ts'
import { upUnderTraffic } from './traffic.ts'

type Given = {
  migration: Migration
  db: Fixtures['db']
  /** Resolves when nothing of this test goes on any more, awaited by its author or not. */
  settled: () => Promise<void>
}
type Rows = Extract<RunResult, { type: 'rows' }>

/*
 * The fixtures of one test. Every look at the database is a session of its own with pinned settings, by a role that can
 * write nothing, so that a learner's view or function runs, if ever, with no rights to speak of. The schema is read from
 * the catalogue alone.
 */
export function migrationFixtures(prepared: PreparedMigration, state: MigrationState, statementMs: number, signal: AbortSignal): Given {
  const { connect, killer } = prepared
  state.nextTest()
  const limits = { timeMs: statementMs, ...RESULT_LIMITS, signal }
  const seeded = snapshotOf(prepared.seeded, prepared.large)
  const underWay: Promise<unknown>[] = []
  const going = <T>(work: Promise<T>): Promise<T> => {
    underWay.push(work)
    return work
  }

  /** A session of ours that fails after the learner's text ran is a finding about that text. */
  async function look<T>(user: string, use: Parameters<typeof withSession<T>>[3]): Promise<T> {
    try {
      // What the writer did must be rolled back, and its locks gone, before anybody goes on.
      return await going((user === WRITER ? withSession : withLook)(connect, user, DATABASE, use))
    } catch (error) {
      if (!(error instanceof TestFailure)) state.lost(error)
      throw error
    }
  }

  async function expectCatalogue(expected: Catalogue): Promise<void> {
    const actual = await look(INSPECTOR, client => readCatalogue(client, killer))
    if ('fault' in actual) throw unreadable('The schema', actual.fault, state)
    const changes = state.told(schemaDifference(expected, actual))
    if (changes.length > 0) throw new TestFailure(schemaSentence(changes), { schema: changes })
  }

  async function snapshot(): Promise<TakenSnapshot> {
    const tables = await look(INSPECTOR, client => readTables(client, killer, prepared.large))
    if ('fault' in tables) throw unreadable(`Table ${tables.table ?? ''}`, tables.fault, state)
    return snapshotOf(tables, prepared.large)
  }

  /** Runs one statement and rolls it back; constraints that were deferred are asked before. */
  async function attempt(sql: string, params: readonly unknown[]): Promise<RunResult> {
    return look(WRITER, async client => {
      await refuseShadows(state, client)
      const run = await runAfter(client, 'BEGIN', sql, limits, killer, params)
      if (run.type !== 'rows') return run
      const later = await runStatement(client, 'SET CONSTRAINTS ALL IMMEDIATE', limits, killer)
      return later.type === 'rows' ? run : later
    })
  }

  const around = {
    up: () => going(state.go('up', signal)),
    down: () => going(state.go('down', signal)),
    expectSchema: () => expectCatalogue(prepared.wanted),
    expectOldSchema: () => expectCatalogue(prepared.old),
  }
  const kept = keptChecks(state, prepared, around, signal)
  const migration: Migration = {
    ...around,
    snapshot,
    expectSnapshot: async (wanted = seeded) => expectSame((wanted as TakenSnapshot).state, (await snapshot()).state),
    seeded,
    ...lockChecks(state, prepared, around.up),
    upUnderTraffic: options => going(upUnderTraffic(state, prepared, options, signal)),
    expectKept: options => going(kept.expectKept(options)),
    expectBackAndForth: options => going(kept.expectBackAndForth(options)),
    expectUpTwice: how => going(kept.expectUpTwice(how)),
    expectResumable: async options => {
      const note = await going(expectResumable(state, prepared, around.expectSchema, signal, options))
      const test = currentTest()
      if (test && note !== undefined) test.note = note
    },
  }
  const db = {
    query: async (sql: string, params: readonly unknown[] = []) => {
      const run = await look(INSPECTOR, async client => {
        await refuseShadows(state, client)
        return runStatement(client, sql, limits, killer, params)
      })
      if (run.type === 'rows') return asObjects(run)
      if (run.type !== 'error') throw unreadable('The result', run, state)
      // The parser's words are about the test's own text; later ones may quote rows, by a view or function of the learner's.
      const { code, where, position } = run.error
      if (position && !where) throw run.error
      throw Object.assign(new TestFailure(`The test's query failed with ${state.wordsOf(run.error)}`), { code })
    },
    cost: onlyInEndpoints('cost'),
    restart: onlyInEndpoints('restart'),
    hold: onlyInEndpoints('hold'),
    mustFail: async (sql: string, params: readonly unknown[] = [], { code }: { code?: string | readonly string[] } = {}) => {
      const run = await attempt(sql, params)
      const expected = typeof code === 'string' ? [code] : (code ?? INTEGRITY)
      const wanted = `the database must refuse this (${expected.map(named).join(' or ')}): ${sql}`
      if (run.type === 'rows') throw new TestFailure(`${capital(wanted)}\nIt was taken.`)
      if (run.type !== 'error') throw unreadable('The statement', run, state)
      if (!expected.includes(run.error.code ?? '')) throw new TestFailure(`${capital(wanted)}\nIt failed with ${state.wordsOf(run.error)}`)
    },
    mustWork: async (sql: string, params: readonly unknown[] = []) => {
      const run = await attempt(sql, params)
      if (run.type === 'rows') return asObjects(run)
      if (run.type !== 'error') throw unreadable('The statement', run, state)
      throw new TestFailure(`The database must take this: ${sql}\nIt failed with ${state.wordsOf(run.error)}`)
    },
  }
  return { migration, db: db as Given['db'], settled: async () => void (await Promise.allSettled(underWay)) }
}

function onlyInEndpoints(name: string): () => Promise<never> {
  return () => Promise.reject(new Error(`db.${name} is there in endpoint exercises only`))
}

const INTEGRITY = ['23505', '23503', '23502', '23514', '23P01']
const NAMES: Record<string, string> = {
  '23502': 'not null',
  '23503': 'foreign key',
  '23505': 'unique',
  '23514': 'check',
  '23P01': 'exclusion',
}

function named(code: string): string {
  return NAMES[code] ? `${code}, ${NAMES[code]}` : code
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** On the session on which a test's own SQL is about to run. */
async function refuseShadows(state: MigrationState, session: Client): Promise<void> {
  const shadows = await state.shadows(session)
  if (shadows.length === 0) return
  throw new TestFailure(`The migration defines what would be called in place of PostgreSQL's own: ${shadows.slice(0, 5).join(', ')}.`)
}

function unreadable(what: string, failure: Failure, state: MigrationState): TestFailure {
  const why = {
    error: () => (failure.type === 'error' ? state.wordsOf(failure.error) : ''),
    timed_out: () => 'the time was over',
    too_large: () => 'it is above 100,000 rows or 16 MiB',
    lost: () => 'the server ended the session',
  }[failure.type]()
  return new TestFailure(`${what} could not be read: ${why}.`)
}

function asObjects({ columns, rows }: Rows): Record<string, unknown>[] {
  const parserOf = types.getTypeParser as unknown as (type: number) => (text: string) => unknown
  const parsers = columns.map(column => parserOf(column.type))
  return rows.map(row => Object.fromEntries(row.map((cell, index) => [columns[index]!.name, cell === null ? null : parsers[index]!(cell)])))
}

type TakenSnapshot = Snapshot & { state: TableState }

function snapshotOf(state: TableState, large: ReadonlySet<string>): TakenSnapshot {
  return {
    state,
    tables: [...state.keys()],
    rows: table => {
      if (large.has(table))
        throw new Error(`Table "${table}" is too large for a snapshot: use migration.expectKept, or db.query for some of its rows.`)
      const found = state.get(table)
      if (!found) throw new TestFailure(`The snapshot has no table "${table}".`)
      return found.rows.map(row => Object.fromEntries(row.map((cell, index) => [found.columns[index]!.name, cell])))
    },
  }
}

function expectSame(expected: TableState, actual: TableState): void {
  const rules = { order: 'unordered', columnNames: 'exact', columnOrder: 'exact', tolerance: 0 } as const
  for (const [table, rows] of expected) {
    const now = actual.get(table)
    if (!now) throw new TestFailure(`Table ${table} is gone.`)
    const difference = compareRows(rows, now, rules)
    if (difference) {
      const found = { ...difference, table: table.slice(0, 200) }
      throw new TestFailure(`The rows are not what they were. ${differenceSentence(found)}`, { rows: found })
    }
  }
}
