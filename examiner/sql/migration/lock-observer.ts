import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import { LOCK_MODES, type HeldLock, type LockMode } from '../../../core/locks.ts'
import { now } from '../../now.ts'
import { readRelationNames, type RelationNames } from './relation-names.ts'
import { INSPECTOR } from '../roles.ts'
import { closeSession, openSession, type Connect } from '../server.ts'
import { clip } from '../shown.ts'

/*
 * Reads from pg_locks, in a session of its own, which locks the learner's session holds and waits for.
 *
 * After each statement, while its transaction is still open, stands the exact reading: a lock lives until the transaction ends.
 * While a statement runs there are looks besides, at most every 5 ms and rarer the longer it runs. They see what the session
 * waits for, and all that can be known of a statement that commits by itself.
 *
 * Locks on PostgreSQL's catalogue are left out, and so are those on what didn't exist when the transaction began, since nobody
 * else can wait for these: only what stood in the catalogue then has a name here. The session reads catalogue tables alone,
 * which a learner has no right to lock, by a role that they have no right to end.
 */
export class LockObserver implements AsyncDisposable {
  readonly #session: Client
  readonly #pid: number
  readonly #tell: (name: string) => string
  /** What existed when no transaction was open, by oid. */
  #known: RelationNames = new Map()
  /** The same when the run began. */
  #first: RelationNames | undefined
  readonly #held = new Map<string, Held>()
  readonly #done: HeldLock[] = []
  #place: Place = { file: '', number: 0, commitsItself: false, control: false }
  #began = 0
  #reading = 0

  /** `pid`: of the session to look at. `tell`: what a learner may read of a name. */
  static async open(connect: Connect, database: string, pid: number, tell: (name: string) => string): Promise<LockObserver> {
    const session = await openSession(connect, INSPECTOR, database)
    // No operator of the learner's is ever called. A session that is lost says so at the first look.
    session.query('SET search_path = pg_catalog').catch(() => {})
    return new LockObserver(session, pid, tell)
  }

  private constructor(session: Client, pid: number, tell: (name: string) => string) {
    this.#session = session
    this.#pid = pid
    this.#tell = tell
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await closeSession(this.#session)
  }

  /** Every lock that was let go, in the order in which that happened; past 20,000 none is kept. */
  get locks(): readonly HeldLock[] {
    return this.#done
  }

  /** A statement is about to run; `idle` when no transaction is open before it. */
  async begins(place: Place, idle: boolean): Promise<void> {
    this.#place = place
    if (idle) await this.#readKnown()
    this.#began = now()
  }

  /** Looks while something is under way, which it gives back. */
  async during<T>(work: Promise<T>): Promise<T> {
    const over = new AbortController()
    const looking = this.#look(over.signal)
    // Told below, when the work is done.
    looking.catch(() => {})
    try {
      return await work
    } finally {
      over.abort()
      await looking
    }
  }

  /** The statement has been executed, and its transaction is open unless it committed by itself. */
  async executed(): Promise<void> {
    const open = await this.#read()
    if (!open || this.#place.commitsItself) return
    for (const [key, lock] of this.#held) {
      // Rolled back to a savepoint, or by an exception that a block of the learner's took.
      if (lock.seen < this.#reading) this.#letGo(key, lock.until)
      else lock.sampled = false
    }
  }

  /** The statement is over; `idle` when no transaction is open any more. */
  ended(idle: boolean): void {
    if (!idle) return
    for (const [key, lock] of this.#held) this.#letGo(key, lock.sampled ? lock.until : now())
  }

  /** One reading. True when the session's transaction is open: it holds the lock on its own virtual id then. */
  async #read(): Promise<boolean> {
    const asked = now()
    const { rows } = await this.#session.query<Row>({ name: 'locks', text: LOCKS, values: [this.#pid], rowMode: 'array' })
    const at = ++this.#reading
    let open = false
    for (const [relation, mode, granted, waited] of rows) {
      if (relation === null) open = true
      const object = relation === null ? undefined : this.#known.get(relation)
      if (object === undefined || !isMode(mode)) continue
      this.#see({ object, mode, granted, waitedMs: Number(waited), asked, at })
    }
    return open
  }

  #see({ object, mode, granted, waitedMs, asked, at }: Look): void {
    const key = `${object}\n${mode}`
    const { file, number, control } = this.#place
    const from = { file: clip(file, 300), statement: number, since: this.#began, firstSeen: asked }
    const lock = this.#held.get(key) ?? {
      ...from,
      object,
      mode,
      granted,
      lastStatement: number,
      waitedMs: 0,
      until: asked,
      seen: at,
      sampled: true,
    }
    this.#held.set(key, lock)
    if (!granted) Object.assign(lock, { waitedMs: Math.max(lock.waitedMs, waitedMs), since: asked, firstSeen: asked })
    Object.assign(lock, { granted, until: asked, seen: at })
    // COMMIT ends a lock: it is no statement that runs under it.
    if (!control) lock.lastStatement = number
  }

  #letGo(key: string, until: number): void {
    const { granted, since, firstSeen, until: _, seen: __, ...lock } = this.#held.get(key)!
    this.#held.delete(key)
    // What was waited for and never got was held for no time.
    const heldMs = granted ? Math.max(0, until - (lock.sampled ? firstSeen : since)) : 0
    if (this.#done.length < MOST_KEPT) this.#done.push({ ...lock, heldMs })
  }

  async #look(over: AbortSignal): Promise<void> {
    const started = now()
    for (;;) {
      const pause = Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, (now() - started) / 20))
      if (!(await wait(pause, true, { signal: over }).catch(() => false))) return
      await this.#read()
    }
  }

  async #readKnown(): Promise<void> {
    const names = await readRelationNames(this.#session, this.#tell)
    // What was there when the run began keeps its name of then: a table that is renamed first is locked all the same.
    this.#known = new Map([...names].map(([oid, name]) => [oid, this.#first?.get(oid) ?? name]))
    this.#first ??= this.#known
  }
}

/** `commitsItself`: the statement stands for itself and may commit on its way, as DO and CALL may. `control`: it is BEGIN, COMMIT or the like. */
type Place = { file: string; number: number; commitsItself: boolean; control: boolean }
type Held = Omit<HeldLock, 'heldMs'> & { granted: boolean; since: number; firstSeen: number; until: number; seen: number }
type Look = Pick<HeldLock, 'object' | 'mode' | 'waitedMs'> & { granted: boolean; asked: number; at: number }
type Row = [relation: string | null, mode: string, granted: boolean, waited: string]

/** Each look costs the database's box some 0.3 ms, or 4 ms where all 5,000 locks are taken that the server has room for. */
const LEAST_PAUSE_MS = 5
const MOST_PAUSE_MS = 50
export const MOST_KEPT = 20_000

function isMode(mode: string): mode is LockMode {
  return (LOCK_MODES as readonly string[]).includes(mode)
}

const LOCKS = `
  SELECT l.relation::text, l.mode, l.granted,
         coalesce(1000 * EXTRACT(epoch FROM pg_catalog.clock_timestamp() - l.waitstart), 0)::text
  FROM pg_catalog.pg_locks l
  WHERE l.pid = $1 AND (l.locktype = 'relation' OR (l.locktype = 'virtualxid' AND l.virtualxid = l.virtualtransaction AND l.granted))
  ORDER BY l.relation NULLS FIRST LIMIT 2000`
