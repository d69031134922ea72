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
