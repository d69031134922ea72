import { setTimeout as wait } from 'node:timers/promises'
import type { Client } from 'pg'
import type { StatementRun } from '../../../core/report.ts'
import { TestFailure } from '../../test-failure.ts'
import { now } from '../../now.ts'
import { contentOf, differences } from './kept-checks.ts'
import type { MigrationState } from './migration-state.ts'
import { DATABASE, WRITER, type PreparedMigration } from './prepare-migration.ts'
import type { RunWatch, StatementPlace } from './run-steps.ts'
import { closeSession, openSession, withSession } from '../server.ts'
import { clip } from '../shown.ts'
import { topLevelTokens } from '../tokens.ts'

/*
 * Kills the session of `up` at each of its statements in turn, each time from the old schema, and runs it again.
 *
 * A statement in a transaction is killed when it has been executed and before its transaction ends: all of the transaction
 * is lost with it. One that commits by itself is killed on its way: CREATE INDEX CONCURRENTLY and its like where they wait
 * for another transaction (one of ours that keeps a lock on every table), with what they leave behind; DO and CALL after half
 * the time that they took when nobody killed them.
 *
 * The second run begins with the file that was interrupted, as migration tools do, which keep a list of the files they
 * finished. It must run to its end and lead to the same schema and the same rows as a run that nobody interrupted.
 */
const MOST_POINTS = 30
/** No further try begins after this: on a busy machine a right migration shall not be out of time for being looked at so closely. */
const MOST_MS = 15_000

export type ResumableOptions = {
  /** Columns that differ from run to run: "orders.changed_at". */
  except?: readonly string[]
  /** SQL that is run on the old schema before each run, as the application would: it leaves few rows of many, for instance. */
  before?: string
}

export async function expectResumable(
  state: MigrationState,
  prepared: PreparedMigration,
  expectSchema: () => Promise<void>,
  signal: AbortSignal,
  { except = [], before = '' }: ResumableOptions = {},
): Promise<void> {
  const backToOld = async () => {
    await state.reset()
    if (before) await withSession(prepared.connect, WRITER, DATABASE, client => client.query(before))
  }
  await backToOld()
  await state.go('up', signal)
  // Where up leads nowhere, nothing can be interrupted.
  await expectSchema()
  const wanted = await contentOf(state, prepared, except)
  // Whoever is killed right at COMMIT is killed before it, with the statement that came last, or with the next one.
  const statements = state.lastRun('up').statements.filter(run => !CONTROL.test(run.text))
  const began = now()
  for (const { file, number, durationMs, inTransaction } of chosen(statements)) {
    if (now() - began > MOST_MS) break
    await backToOld()
    await using killing = new Killing(prepared, { file, number }, durationMs, !inTransaction)
    const fault = await state.attempt(0, signal, killing)
    // It came to its end before it could be killed: there was nothing to interrupt.
    if (!killing.done && !fault) continue
    await killing[Symbol.asyncDispose]()
    const again = await state.attempt(state.fileIndex(file), signal)
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
}

/**
 * Those come first that commit on their way, then others that commit by themselves: whatever is killed in a transaction leaves
 * nothing. Of many, evenly chosen.
 */
function chosen(statements: readonly StatementRun[]): StatementRun[] {
  const every = Math.max(1, Math.ceil(statements.length / MOST_POINTS))
  const some = statements.filter((_, index) => index % every === 0 || index === statements.length - 1)
  const rank = ({ inTransaction, text }: StatementRun) => (inTransaction ? 2 : howKilled(text) === undefined ? 1 : 0)
  return some.toSorted((one, other) => rank(one) - rank(other))
}

/** Told by the words of the statement itself, not by those in a comment or a block. */
function howKilled(statement: string): 'on its way' | 'while it waits' | undefined {
  const words = topLevelTokens(statement).map(({ word }) => word)
  if (words[0] === 'DO' || words[0] === 'CALL') return 'on its way'
  return words.includes('CONCURRENTLY') ? 'while it waits' : undefined
}

class Killing implements Partial<RunWatch>, AsyncDisposable {
  readonly #prepared: PreparedMigration
  readonly #at: { file: string; number: number }
  readonly #durationMs: number
  readonly #standsAlone: boolean
  readonly #over = new AbortController()
  #blocker: Client | undefined
  #waiting: Promise<void> | undefined
  done = false

  constructor(prepared: PreparedMigration, at: { file: string; number: number }, durationMs: number, standsAlone: boolean) {
    this.#prepared = prepared
    this.#at = at
    this.#durationMs = durationMs
    this.#standsAlone = standsAlone
  }

  async begins(place: StatementPlace): Promise<void> {
    if (!this.#isHere(place) || !this.#standsAlone) return
    const how = howKilled(place.statement)
    if (how === 'while it waits') {
      this.#blocker = await openSession(this.#prepared.connect, WRITER, DATABASE)
      await this.#blocker.query(LOCK_ALL)
      this.#waiting = this.#killWhenWaiting(place.pid)
    } else if (how === 'on its way') {
      this.#waiting = this.#killAfter(this.#durationMs / 2, place.pid)
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
    return file === this.#at.file && number === this.#at.number
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
const CONTROL = /^(begin|start|commit|end|rollback|abort|savepoint|release)\b/i

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
