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
 * Every 10 ms a session of ours asks PostgreSQL for whom each of the application's sessions waits
 * (pg_blocking_pids, which costs the same however many locks there are). A wait counts where the migration's session stands in the way, itself or through others that wait for it.
 * Each look that finds the statement waiting adds 10 ms, or the time since the look before where that is less. Where the machine
 * is busy or stands still our looks are rarer, and a wait is not counted longer for it. But what the migration worked between two
 * looks that both found it waiting, by the processor time of its server process, is counted whole: that is no longer on a busy machine.
 * A wait that is shorter than the pause between two looks counts as one look or none: single waits are told up to 10 ms too long or
 * too short, and long ones nearly as they were. It goes on while the migration runs one statement after the other, and is told with
 * the one behind which most of it passed.
 *
 * What is waited for stands in pg_locks, which is read whole: 0.2 ms, or 4 ms where all 5,000 locks are taken that the server has room
 * for. So a statement's first, second, fourth, eighth … look reads it.
 */
const PAUSE_MS = 10
/** The processor time of a process is two figures, each in steps of 10 ms. */
const MOST_AHEAD_MS = 20

export type WaitFinding = Extract<TrafficFinding, { type: 'wait' }>
type Running = {
  version: Version
  sql: string
  looks: number
  waitedMs: number
  /** How much the migration had worked when the last look found it waiting; absent where that look found it at work. */
  workedMs?: number
  /** What looks have counted beyond the work that was seen: it is seen late, in steps of 10 ms. */
  aheadMs: number
  /** Behind each statement of the migration, of `waitedMs`. */
  shares: Map<StatementPlace, number>
  waitsFor: Pick<WaitFinding, 'wanted' | 'object' | 'held'>
}

export class WaitObserver implements AsyncDisposable {
  readonly #session: Client
  /** Sees the server's processes; stands in a database that no learner enters. */
  readonly #admin: Client
  readonly #tell: (name: string) => string
  readonly #running = new Map<number, Running>()
  /** The longest of each statement of the application behind each statement of the migration. */
  readonly #longest = new Map<string, WaitFinding>()
  readonly #over = new AbortController()
  #looking: Promise<void> | undefined
  #names: RelationNames = new Map()
  /** What the migration is at. */
  migration: StatementPlace | undefined

  /** `admin`: a superuser's session in the first database. `tell`: what a learner may read of a name. */
  static async open(connect: Connect, admin: Client, database: string, tell: (name: string) => string): Promise<WaitObserver> {
    const session = await openSession(connect, INSPECTOR, database)
    const observer = new WaitObserver(session, admin, tell)
    // No operator of the learner's is ever called.
    await session.query('SET search_path = pg_catalog')
    observer.#names = await readRelationNames(session, tell)
    return observer
  }

  private constructor(session: Client, admin: Client, tell: (name: string) => string) {
    this.#session = session
    this.#admin = admin
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
    const waitsFor = { wanted: ROW, object: ROW, held: [] }
    this.#running.set(pid, { ...statement, looks: 0, aheadMs: 0, waitedMs: 0, shares: new Map(), waitsFor })
  }

  ended(pid: number): void {
    const running = this.#running.get(pid)
    this.#running.delete(pid)
    if (!running) return
    const { version, sql, waitedMs, shares, waitsFor } = running
    const [most] = [...shares].toSorted(([, one], [, other]) => other - one)
    if (!most) return
    const [place] = most
    const key = `${version}\n${sql}\n${place.file}\n${place.number}`
    const longest = this.#longest.get(key)
    if (!longest || waitedMs > longest.waitedMs) this.#longest.set(key, { type: 'wait', version, sql, place, waitedMs, ...waitsFor })
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
      const { rows } = await this.#admin.query<[pid: number, blockers: number[], stat: string | null]>({
        name: 'waits',
        text: WAITS,
        values: [[...this.#running.keys()], place.pid],
        rowMode: 'array',
      })
      const share = Math.min(asked - last, PAUSE_MS)
      last = asked
      const blockers = new Map(rows.map(([pid, others]) => [pid, others]))
      const behind = [...blockers.keys()].filter(pid => isBehind(pid, place.pid, blockers))
      for (const [pid, running] of this.#running) if (!behind.includes(pid)) forget(running)
      const workedMs = processorMs(rows[0]?.[2])
      await this.#readObjects(
        behind.filter(pid => this.#count(pid, place, { pauseMs: share, workedMs })),
        place.pid,
      )
    }
  }

  /** True when it is time to read what it waits for. */
  #count(pid: number, place: StatementPlace, { pauseMs, workedMs }: { pauseMs: number; workedMs: number }): boolean {
    const running = this.#running.get(pid)
    if (!running) return false
    const unseen = workedMs - (running.workedMs ?? workedMs) - pauseMs - running.aheadMs
    const share = pauseMs + Math.max(0, unseen)
    running.aheadMs = Math.min(MOST_AHEAD_MS, Math.max(0, -unseen))
    running.workedMs = workedMs
    running.waitedMs += share
    running.shares.set(place, (running.shares.get(place) ?? 0) + share)
    running.looks++
    return (running.looks & (running.looks - 1)) === 0
  }

  async #readObjects(pids: readonly number[], migration: number): Promise<void> {
    if (pids.length === 0) return
    const waiting = new Map(pids.map(pid => [pid, this.#running.get(pid)]))
    const { rows } = await this.#session.query<Row>({ name: 'objects', text: OBJECTS, values: [pids, migration], rowMode: 'array' })
    for (const [pid, relation, wanted, held] of rows) {
      const running = waiting.get(pid)
      if (!running) continue
      if (relation !== null && !this.#names.has(relation)) this.#names = await readRelationNames(this.#session, this.#tell)
      running.waitsFor = { wanted, object: (relation !== null && this.#names.get(relation)) || ROW, held }
    }
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

/** It was found at work: what comes is another wait. */
function forget(running: Running): void {
  delete running.workedMs
  running.aheadMs = 0
}

/** The processor time of a process by its /proc/<pid>/stat, in steps of 10 ms; 0 where there is none. */
function processorMs(stat: string | null | undefined): number {
  const fields = (stat ?? '').slice((stat ?? '').lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12])) || 0
}

const WAITS = `
  SELECT pid, blockers, pg_catalog.pg_read_file(pg_catalog.concat('/proc/', $2::int, '/stat'), 0, 1000, true)
  FROM pg_catalog.unnest($1::int[]) AS pid, LATERAL (SELECT pg_catalog.pg_blocking_pids(pid) OFFSET 0) AS waits (blockers)
  WHERE blockers <> '{}'`

type Row = [pid: number, relation: string | null, wanted: string, held: string[]]

/** A statement that waits for a row waits for the transaction that changed it, and holds a lock on the row's place meanwhile. */
const OBJECTS = `
  WITH locks AS MATERIALIZED (SELECT * FROM pg_catalog.pg_locks WHERE pid = ANY($1::int[]) OR pid = $2)
  SELECT l.pid, coalesce(l.relation, (SELECT t.relation FROM locks t WHERE t.pid = l.pid AND t.locktype = 'tuple' LIMIT 1))::text,
         CASE WHEN l.locktype = 'relation' THEN l.mode ELSE '${ROW}' END,
         ARRAY(SELECT DISTINCT h.mode FROM locks h
               WHERE h.pid = $2 AND h.granted AND h.locktype = 'relation' AND h.relation = l.relation ORDER BY 1)
  FROM locks l WHERE NOT l.granted AND l.pid = ANY($1::int[])`
