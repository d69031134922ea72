import type { QueryCost } from '../../core/query-cost.ts'
import type { Migration, WriteChecks } from '../sql/migration/migration-fixture.ts'
import type { Contract } from './contract.ts'
import type { Http } from './http.ts'
import type { Pace } from './pace.ts'
import type { Program } from './program.ts'

/** What a test is given. A fixture that its exercise doesn't have throws when it is touched. */
export type Fixtures = {
  /** The learner's program, over HTTP (endpoint). */
  http: Http
  /** What the database holds (endpoint with a database, migration; `mustFail` and `mustWork` in a migration only). */
  db: Db & WriteChecks
  /** What the learner's program printed during this test (endpoint). */
  log: Log
  /** The OpenAPI document that the program is held to (endpoint with `contract` in exercise.yaml). */
  contract: Contract
  /** How fast the program is beside the exercise's own solution (endpoint with `reference` in exercise.yaml). */
  pace: Pace
  /** The learner's program as a process (endpoint). */
  program: Program
  /** The learner's migration (migration). */
  migration: Migration
  /** A whole number drawn for this grading; a regrade gets the same one. Use it for data that can't be hard-coded. */
  seed: number
  /** Aborted when the test's time is over. */
  signal: AbortSignal
}

export type Row = Record<string, unknown>

export type Db = {
  /**
   * Runs one statement, with `$1 …` for `params`, and gives its rows as plain objects:
   * `const [task] = await db.query('select title from tasks where id = $1', [id])`.
   * Values come as node-postgres reads them: int4 as number, int8 and numeric as string, timestamps as Date, json parsed.
   * Throws an error with PostgreSQL's five-character `code` when the statement fails.
   */
  query: <R extends Row = Row>(text: string, params?: readonly unknown[]) => Promise<R[]>
  /**
   * What the program asked of its database while `act` ran (an endpoint with `services.postgres.statistics: true`), by the server's
   * own count: `const { statements, rows, repeated } = await db.cost(() => http.get('/orders'))`.
   * `statements`: how many it ran, also those that failed or were rolled back, `rows`: how many rows those that ended well returned
   * or wrote together, `repeated`: those that were run more than once, with `text` (values are `$1 …`), `calls` and `rows`, the most
   * frequent first. Statements inside a DO block count one by one, besides the block. Transaction
   * control and settings are not counted, nor what tests read. Whatever the program runs
   * of its own accord meanwhile is. When the test fails, its report shows the last four costs. One at a time.
   */
  cost: (act: () => unknown) => Promise<QueryCost>
  /**
   * Kills the database server, as a crash does, and starts it again on the same data, while the program runs (endpoint). What was
   * committed stays; every session is gone. Resolves once the server takes logins.
   */
  restart: () => Promise<void>
  /**
   * Holds a table: whoever writes to it waits until `release()`, or until the test ends; reading goes on (endpoint). So a request
   * can be kept under way, without a guess at times: `await held.untilWaiting(1)` resolves once that many statements of the program wait for it.
   */
  hold: (table: string) => Promise<Held>
}

export type Held = { untilWaiting: (count: number) => Promise<void>; release: () => Promise<void> }

export type Log = {
  /** The lines that the program has printed in this test so far, stdout and stderr as they came. */
  lines: () => string[]
  /** Resolves with the first line of this test that matches, now or later; fails the test when its time is over before. */
  waitFor: (pattern: RegExp) => Promise<string>
}
