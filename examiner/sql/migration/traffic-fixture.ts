/** A statement of an application: SQL, or SQL with values for `$1 …` that are made anew each time it runs. */
export type TrafficStatement = string | { sql: string; params?: () => readonly unknown[] }

export type TrafficOptions = {
  /** What the version of the application runs that is there before the migration. */
  old: readonly TrafficStatement[]
  /** What the version runs that comes with it. */
  new?: readonly TrafficStatement[]
  /** The step after which the new version starts beside the old one, by its name: "expand" for steps/01-expand.up.sql. By default the last. */
  newAfter?: string
  /** The step before which the old version is gone. By default it stays, and must work on the new schema, too. */
  oldUntil?: string
  /** Statements a second, over both versions. Default 40, at most 200; at most six run at the same time. */
  ratePerSecond?: number
  /** How long one statement may be kept waiting by the migration, in milliseconds. Default 300, at least 100. */
  maxWaitMs?: number
}

/** What came of it. */
export type Traffic = {
  /** How often statements of each version ran to their end. */
  ran: { old: number; new: number }
  /** The longest that one statement was kept waiting by the migration, in milliseconds, as it is counted for `maxWaitMs`. */
  longestWaitMs: number
}
