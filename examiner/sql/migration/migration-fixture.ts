import type { HeldLock, LockMode } from '../../../core/locks.ts'
import type { ResumableOptions } from './interruptions.ts'
import type { KeptOptions } from './row-account.ts'
import type { Traffic, TrafficOptions } from './traffic-fixture.ts'

/*
 * What a migration exercise's tests are given. The database of a grading is at the old schema (`schema:` and `seed:` of
 * exercise.yaml) when a test file begins, and stays as the tests of that file leave it.
 */
export type Migration = {
  /**
   * Brings the database to the new schema by the learner's `up` files; when it is there already, nothing happens.
   * Fails the test when the learner's SQL fails; the tests after it are not run then, since none could tell more.
   */
  up: () => Promise<void>
  /**
   * Brings the database back by the learner's `down` files, last step first; when it is at the old schema, nothing happens.
   * After one that failed, `up` begins again from the old schema.
   */
  down: () => Promise<void>
  /** The schema equals the wanted one (`wanted:` of exercise.yaml) by catalogue; the differences go into the report. */
  expectSchema: () => Promise<void>
  /** The schema equals the one before the migration. */
  expectOldSchema: () => Promise<void>
  /** The rows of every table as they are now. */
  snapshot: () => Promise<Snapshot>
  /** Every table of the snapshot holds the same rows, by value and in any order; without one, the rows before the migration. */
  expectSnapshot: (snapshot?: Snapshot) => Promise<void>
  /** The rows before the migration: what they must have become is worked out from them. */
  readonly seeded: Snapshot
  /**
   * The locks that the last `up` took, or with `way: 'down'` the last `down`; nothing is run for it. Each lock names file, statement,
   * object, mode (PostgreSQL's names, such as "AccessExclusiveLock"), until which statement and how many milliseconds it was held,
   * and how long it was waited for. How they are obtained stands with HeldLock: read from pg_locks in a session of ours after
   * each statement, before its transaction ends, and so exact; of a statement that commits by itself sampled at most every 5 ms
   * and marked `sampled`. A table that existed when `up` began goes by the name that it had then. Locks on the catalogue and
   * on what the same transaction created are left out: nobody can wait for them.
   */
  readonly locks: {
    all: (options?: { way?: 'up' | 'down' }) => readonly HeldLock[]
    /** On a table ("orders"), or another object by what it is ("index orders_pkey"). Throws when the exercise has no such table. */
    on: (object: string, options?: { way?: 'up' | 'down' }) => readonly HeldLock[]
  }
  /**
   * Goes up, if need be, and fails the test where one of the modes was taken on the table, naming statement, lock and whom it keeps
   * waiting. `whileOthersRun`: only where it was still held while a later statement ran. `way: 'down'` asks the last `down`.
   */
  expectNoLock: (table: string, modes: readonly LockMode[], options?: { way?: 'up' | 'down'; whileOthersRun?: boolean }) => Promise<void>
  /**
   * Goes up from the old schema while statements of an application run, and fails the test where one of them fails or is kept
   * waiting for longer than `maxWaitMs`: each finding names the statement, the lock and the step. Each statement also runs once
   * before, after every file and after every statement that stands for itself, so that none misses a state in between.
   *
   * A wait counts only while PostgreSQL says that the migration's session is in the way (pg_blocking_pids, asked every 10 ms); each
   * such look counts for at most 10 ms, so that what is counted is at most 10 ms more than what was waited, and a machine that is busy
   * adds nothing. Statements run as a role that may write every table; what they write stays.
   */
  upUnderTraffic: (options: TrafficOptions) => Promise<Traffic>
  /**
   * Compares every table with how it was before the migration and fails the test with a line for each table, column and row that
   * vanished, each column whose values changed (as they are printed), and rows that came. New columns and tables are no difference.
   * Rows are known again by their primary key. Tables of any size: the server adds up hashes, and of what differs 40,000 rows of a table
   * are read at a time, until something is told; what is left then makes counts "at least". `except`: what may change or go, "orders.status" or "orders".
   * `added`: tables that may hold more rows.
   */
  expectKept: (options?: KeptOptions) => Promise<void>
  /** `up` reaches the wanted schema; `down` the old one with everything kept (as expectKept says it, with its options); `up` the wanted one again. */
  expectBackAndForth: (options?: KeptOptions) => Promise<void>
  /**
   * Runs `up` once more where it has been run. "fails": it must end in an error; "does nothing": it must not. In both cases schema and
   * rows must be afterwards what they were before.
   */
  expectUpTwice: (how: 'fails' | 'does nothing') => Promise<void>
  /**
   * Goes up to the wanted schema; then kills the session of `up` at each of its statements, each time from the old schema, and runs `up`
   * again from the interrupted file on. It must come to its end with the same schema and rows as the run that nobody interrupted.
   * What takes place when stands in interruptions.ts: a transaction is killed before it ends, a CONCURRENTLY while it waits for a
   * transaction of ours, DO and CALL after a half, a quarter and three quarters of their time. Statements that commit by themselves
   * come first; of more than 30 some are chosen, and after 15 seconds no further one is begun, unless the files' own statements
   * took more than three seconds of each and something would be left behind. Where not all was tried the result of a test that passes has a `note` of it.
   * An `up` that fails before it is killed is a runtime_error.
   */
  expectResumable: (options?: ResumableOptions) => Promise<void>
}

/** Rows as they were: each value as PostgreSQL prints it, null for NULL. */
export type Snapshot = {
  readonly tables: readonly string[]
  /** The rows of a table by column name, in no order. Throws when there was no such table. */
  rows: (table: string) => Record<string, string | null>[]
}

/** What `db` can do besides `query` in a migration exercise. */
export type WriteChecks = {
  /**
   * Runs a statement that the schema must refuse, as a role that may write every table, and rolls it back. `code` is the
   * SQLSTATE to expect: '23505' unique, '23503' foreign key, '23502' not null, '23514' check; of a list any will do, and
   * without it any of these classes.
   */
  mustFail: (sql: string, params?: readonly unknown[], expected?: { code?: string | readonly string[] }) => Promise<void>
  /** Runs a statement that the schema must take, as the same role, and rolls it back; gives the rows that it returned. */
  mustWork: <R extends Record<string, unknown> = Record<string, unknown>>(sql: string, params?: readonly unknown[]) => Promise<R[]>
}
