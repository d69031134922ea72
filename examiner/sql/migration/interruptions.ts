import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import { TestFailure } from '../../test-failure.ts'
import { now } from '../../now.ts'
import { contentOf, differences } from './kept-checks.ts'
import { killPlaces, mayBeTried, untriedWords, type KillPlace } from './kill-places.ts'
import type { MigrationState } from './migration-state.ts'
import { DATABASE, WRITER, type PreparedMigration } from './prepare-migration.ts'
import type { RunWatch, StatementPlace } from './run-steps.ts'
import { closeSession, openSession, withSession } from '../server.ts'
import { clip } from '../shown.ts'

/*
 * Kills the session of `up` at each of its statements in turn, each time from the old schema, and runs it again.
 *
 * A statement in a transaction is killed when it has been executed and before its transaction ends: all of the transaction
 * is lost with it. One that commits by itself is killed on its way: CREATE INDEX CONCURRENTLY and its like where they wait
 * for another transaction (one of ours that keeps a lock on every table), with what they leave behind; DO and CALL after a
 * half, a quarter and three quarters of the time that they took when nobody killed them. Which places come first, and when
 * there are enough, is kill-places.ts's to say.
 *
 * The second run begins with the file that was interrupted, as migration tools do, which keep a list of the files they
 * finished. It must run to its end and lead to the same schema and the same rows as a run that nobody interrupted.
 */
export type ResumableOptions = {
  /** Columns that differ from run to run: "orders.changed_at". */
  except?: readonly string[]
  /** SQL that is run on the old schema before each run, as the application would: it leaves few rows of many, for instance. */
  before?: string
}

/** Returns what a test that passes has to say: that not all was tried. */
export async function expectResumable(
  state: MigrationState,
  prepared: PreparedMigration,
  expectSchema: () => Promise<void>,
  signal: AbortSignal,
  { except = [], before = '' }: ResumableOptions = {},
): Promise<string | undefined> {
  const backToOld = async () => {
    await state.reset()
    if (before) await withSession(prepared.connect, WRITER, DATABASE, client => client.query(before))
  }
  await backToOld()
  await state.go('up', signal)
  // Where up leads nowhere, nothing can be interrupted.
  await expectSchema()
  const wanted = await contentOf(state, prepared, except)
  const places = killPlaces(state.lastRun('up').statements)
  const began = now()
  let theirsMs = 0
  let tries = 0
  const attempt = async (from: number, watch?: Killing) => {
    const started = now()
    const fault = await state.attempt(from, signal, watch)
    theirsMs += now() - started
    return fault
  }
  let killed = 0
  for (const place of places.tried) {
    if (!mayBeTried(place, { spentMs: now() - began, theirsMs, tries })) break
    tries++
    const { file, number } = place.run
    await backToOld()
    await using killing = new Killing(prepared, place)
    const fault = await attempt(0, killing)
    // It came to its end before it could be killed: there was nothing to interrupt.
    if (!killing.done && !fault) continue
    signal.throwIfAborted()
    if (fault && !killing.touched) throw new TestFailure(`Run once more from the old schema, up fails: ${state.keepFinding(fault)}`)
    killed++
    await killing[Symbol.asyncDispose]()
    const again = await attempt(state.fileIndex(file))
    const where = `Killed at ${clip(file, 200)}, statement ${number}, and run again from that file on,`
    if (again) throw new TestFailure(`${where} up fails: ${state.faultWords(again)}`)
    const changed = differences(wanted, await contentOf(state, prepared, except))
    if (changed.length > 0) {
      throw new TestFailure(
        `${where} up leads elsewhere than when nobody interrupts it: ${changed.join(', ')} ${changed.length > 1 ? 'are' : 'is'} not the same.`,
      )
    }
  }
  state.stayedNew()
  return untriedWords(killed, places.all.length)
}

class Killing implements Partial<RunWatch>, AsyncDisposable {
  readonly #prepared: PreparedMigration
  readonly #at: KillPlace
  readonly #over = new AbortController()
  #blocker: Client | undefined
  #waiting: Promise<void> | undefined
  done = false

  constructor(prepared: PreparedMigration, at: KillPlace) {
    this.#prepared = prepared
    this.#at = at
  }

  /** The run was killed, or kept waiting by us, which a lock_timeout may have ended before. */
  get touched(): boolean {
    return this.done || this.#blocker !== undefined
  }

  async begins(place: StatementPlace): Promise<void> {
    if (!this.#isHere(place)) return
    const { how, part, run } = this.#at
    if (how === 'while it waits') {
      this.#blocker = await openSession(this.#prepared.connect, WRITER, DATABASE)
      await this.#blocker.query(LOCK_ALL)
      this.#waiting = this.#killWhenWaiting(place.pid)
    } else if (how === 'on its way') {
      this.#waiting = this.#killAfter(run.durationMs * part, place.pid)
    }
    this.#waiting?.catch(() => {})
  }

  async executed(place: StatementPlace): Promise<void> {
    if (this.#isHere(place) && !this.done) await this.#kill(place.pid)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort()
    await this.#waiting?.catch(() => {})
    if (this.#blocker) await closeSession(this.#blocker)
    this.#blocker = undefined
  }

  #isHere({ file, number }: StatementPlace): boolean {
    return file === this.#at.run.file && number === this.#at.run.number
  }

  async #kill(pid: number): Promise<void> {
    this.done = true
    await this.#prepared.killer.terminate(pid)
  }

  async #killAfter(ms: number, pid: number): Promise<void> {
    if (await wait(ms, true, { signal: this.#over.signal }).catch(() => false)) await this.#kill(pid)
  }

  async #killWhenWaiting(pid: number): Promise<void> {
    const began = now()
    while (await wait(10, true, { signal: this.#over.signal }).catch(() => false)) {
      const { rowCount } = await this.#blocker!.query('SELECT FROM pg_catalog.pg_locks WHERE pid = $1 AND NOT granted', [pid])
      // Where it doesn't come to waiting it is killed all the same.
      if (rowCount || now() - began > PATIENCE_MS) return this.#kill(pid)
    }
  }
}

const PATIENCE_MS = 3_000

/** The weakest lock that a concurrent statement waits for, on the tables that were there first: the exercise's own. */
const LOCK_ALL = `
  BEGIN;
  DO $$
  DECLARE name text;
  BEGIN
    FOR name IN SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY c.oid LIMIT 200
    LOOP EXECUTE 'LOCK TABLE ' OPERATOR(pg_catalog.||) name OPERATOR(pg_catalog.||) ' IN ROW EXCLUSIVE MODE'; END LOOP;
  END $$`
