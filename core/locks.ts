import { z } from 'zod'

/*
 * The locks on tables, indexes, sequences and views that a migration's statements took, as PostgreSQL's own pg_locks says.
 */

/** Weakest first, by PostgreSQL's documentation ("Explicit Locking"), with whom each keeps waiting. */
export const LOCK_MODES = [
  'AccessShareLock',
  'RowShareLock',
  'RowExclusiveLock',
  'ShareUpdateExclusiveLock',
  'ShareLock',
  'ShareRowExclusiveLock',
  'ExclusiveLock',
  'AccessExclusiveLock',
] as const
export type LockMode = (typeof LOCK_MODES)[number]

/** Whom a session that holds this lock on a table keeps waiting, in plain words; empty where no reader or writer waits. */
export function keepsWaiting(mode: LockMode): string {
  if (mode === 'AccessExclusiveLock') return 'readers and writers'
  return LOCK_MODES.indexOf(mode) >= LOCK_MODES.indexOf('ShareLock') ? 'writers' : ''
}

/**
 * One lock, from the statement that took it to the one at whose end it was let go; both stand in the same file, since a
 * transaction never goes beyond one.
 *
 * `heldMs`: from the start of the statement that took it, or from the end of its wait, to the end of the transaction, by the
 * examiner's clock. `waitedMs`: how long the migration's own session waited for it before, by the server's clock, as last read
 * before it was granted. `sampled`: the statement commits by itself, so it could be looked at only from time to time while it
 * ran, at most every 5 ms: weaker or shorter locks may be missing, and `heldMs` is from the first look that saw it to the
 * last. Otherwise the reading is exact: it was taken after the statement and before its transaction ended.
 */
export const heldLockSchema = z.strictObject({
  file: z.string().max(300),
  statement: z.number().int(),
  lastStatement: z.number().int(),
  /** A table by its name, without "public."; others with what they are: `index orders_pkey`. */
  object: z.string().max(200),
  mode: z.enum(LOCK_MODES),
  heldMs: z.number().min(0),
  waitedMs: z.number().min(0),
  sampled: z.boolean(),
})
export type HeldLock = z.infer<typeof heldLockSchema>

/** More than a report needs; the strongest are kept. */
export const MOST_LOCKS = 500

/** Strongest first, then in the order in which they were taken. */
export function strongestFirst(locks: readonly HeldLock[]): HeldLock[] {
  return locks.toSorted((one, other) => LOCK_MODES.indexOf(other.mode) - LOCK_MODES.indexOf(one.mode))
}
