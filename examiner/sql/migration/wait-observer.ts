import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import { now } from '../../now.ts'
import { readRelationNames, type RelationNames } from './relation-names.ts'
import { INSPECTOR } from '../roles.ts'
import type { StatementPlace } from './run-steps.ts'
import { closeSession, openSession, type Connect } from '../server.ts'
import { ROW, type TrafficFinding, type Version } from './traffic-findings.ts'

/*
 * Counts how long statements of the application are kept waiting by the migration.
 *
 * Every 10 ms a session of ours asks PostgreSQL which of the application's sessions wait for a lock, and for whom
 * (pg_blocking_pids). A wait counts where the migration's session stands in the way, itself or through others that wait for it.
 * Each look that finds the statement waiting adds 10 ms, or the time since the look before where that is less. Where the machine
 * is busy or stands still our looks are rarer, by as much as the migration is slower: a wait is not counted longer for it.
 * A wait that is shorter than the pause between two looks counts as one look or none: single waits are told up to 10 ms too long or
 * too short, and long ones nearly as they were.
 */
const PAUSE_MS = 10

export type WaitFinding = Extract<TrafficFinding, { type: 'wait' }>
type Running = { version: Version; sql: string; waits: Map<string, WaitFinding> }

export class WaitObserver implements AsyncDisposable {
  readonly #session: Client
  readonly #tell: (name: string) => string
  readonly #running = new Map<number, Running>()
  /** The longest of each statement of the application behind each statement of the migration. */
  readonly #longest = new Map<string, WaitFinding>()
  readonly #over = new AbortController()
  #looking: Promise<void> | undefined
  #names: RelationNames = new Map()
  /** What the migration is at. */
  migration: StatementPlace | undefined

  /** `tell`: what a learner may read of a name. */
  static async open(connect: Connect, database: string, tell: (name: string) => string): Promise<WaitObserver> {
    const session = await openSession(connect, INSPECTOR, database)
    const observer = new WaitObserver(session, tell)
    // No operator of the learner's is ever called.
    await session.query('SET search_path = pg_catalog')
    observer.#names = await readRelationNames(session, tell)
    return observer
  }

  private constructor(session: Client, tell: (name: string) => string) {
    this.#session = session
    this.#tell = tell
  }

  start(): void {
    this.#looking = this.#look()
    // A session that is lost ends the counting; that the server is gone is the migration's to say.
    this.#looking.catch(() => {})
  }

  async stop(): Promise<void> {
    this.#over.abort()
    await this.#looking?.catch(() => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await closeSession(this.#session)
  }

  begins(pid: number, statement: { version: Version; sql: string }): void {
    this.#running.set(pid, { ...statement, waits: new Map() })
  }

  ended(pid: number): void {
    const waits = this.#running.get(pid)?.waits ?? new Map<string, WaitFinding>()
    this.#running.delete(pid)
    for (const [key, found] of waits) {
      const longest = this.#longest.get(key)
      if (!longest || found.waitedMs > longest.waitedMs) this.#longest.set(key, found)
    }
  }

  /** Longest first. */
  longest(): WaitFinding[] {
    return [...this.#longest.values()].toSorted((one, other) => other.waitedMs - one.waitedMs)
  }

  async #look(): Promise<void> {
    let last = now()
    while (await wait(PAUSE_MS, true, { signal: this.#over.signal }).catch(() => false)) {
      const place = this.migration
      if (!place || this.#running.size === 0) continue
      const asked = now()
      const { rows } = await this.#session.query<Row>({
        name: 'waits',
        text: WAITS,
        values: [[...this.#running.keys()], place.pid],
        rowMode: 'array',
      })
      const share = Math.min(asked - last, PAUSE_MS)
      last = asked
      const blockers = new Map(rows.map(row => [row[0], row[1]]))
      for (const row of rows) if (isBehind(row[0], place.pid, blockers)) await this.#count(row, place, share)
    }
  }

  async #count([pid, , relation, wanted, held]: Row, place: StatementPlace, share: number): Promise<void> {
    const running = this.#running.get(pid)
    if (!running) return
    if (relation !== null && !this.#names.has(relation)) this.#names = await readRelationNames(this.#session, this.#tell)
    const object = (relation !== null && this.#names.get(relation)) || ROW
    const key = `${running.version}\n${running.sql}\n${place.file}\n${place.number}`
    const { version, sql } = running
    const found = running.waits.get(key) ?? { type: 'wait', version, sql, place, waitedMs: 0, wanted, object, held: [] }
    running.waits.set(key, { ...found, waitedMs: found.waitedMs + share, held: held.length > 0 ? held : found.held })
  }
}

/** Whether the migration's session is in the way, itself or through sessions that wait for it. */
function isBehind(pid: number, migration: number, blockers: ReadonlyMap<number, readonly number[]>): boolean {
  const seen = new Set<number>()
  const open = [pid]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === migration) return true
    if (seen.has(next)) continue
    seen.add(next)
    open.push(...(blockers.get(next) ?? []))
  }
  return false
}

type Row = [pid: number, blockers: number[], relation: string | null, wanted: string, held: string[]]

/** A statement that waits for a row waits for the transaction that changed it, and holds a lock on the row's place meanwhile. */
const WAITS = `
  SELECT l.pid, pg_catalog.pg_blocking_pids(l.pid),
         coalesce(l.relation, (SELECT t.relation FROM pg_catalog.pg_locks t WHERE t.pid = l.pid AND t.locktype = 'tuple' LIMIT 1))::text,
         CASE WHEN l.locktype = 'relation' THEN l.mode ELSE '${ROW}' END,
         ARRAY(SELECT DISTINCT h.mode FROM pg_catalog.pg_locks h
               WHERE h.pid = $2 AND h.granted AND h.locktype = 'relation' AND h.relation = l.relation ORDER BY 1)
  FROM pg_catalog.pg_locks l WHERE NOT l.granted AND l.pid = ANY($1::int[])`
