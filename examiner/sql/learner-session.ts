import type { Client } from 'pg'
import { escapeIdentifier } from 'pg'
import type { QueryManifest } from '../../core/exercise.ts'
import { FIXED } from '../../core/limits.ts'
import { INSPECTOR, LEARNER } from './roles.ts'
import { RESULT_LIMITS, runAfter, type Killer, type RunResult } from './run-statement.ts'
import { closeSession, openSession, type Connect } from './server.ts'

/*
 * The sessions in which a learner's statement runs on a data set and is looked at. They are logged in while the pod is
 * prepared, since a login costs more than most statements, and have run nothing then: what the reference did stays in
 * sessions of its own. Each serves one statement and ends with it.
 */
export type DatasetSessions = Disposable & {
  learner: Client
  /** Looks at what a change left; absent where the statement only reads. */
  inspector?: Client
}

type Server = { connect: Connect; admin: Client; killer: Killer }

/** Opens the sessions of some data sets, for which alone, and for so long, the roles may enter them. */
export async function openDatasets(
  { connect, admin }: Server,
  databases: readonly string[],
  manifest: QueryManifest,
): Promise<DatasetSessions[]> {
  await admin.query(mayEnter(databases))
  const roles = manifest.statement === 'select' ? [LEARNER] : [LEARNER, INSPECTOR]
  const open = (database: string) => Promise.all(roles.map(role => openSession(connect, role, database)))
  try {
    return (await Promise.all(databases.map(open))).map(([learner, inspector]) => ({
      learner: learner!,
      ...(inspector && { inspector }),
      // Nobody waits for the end: the bytes that ask for it go out before those of the next statement.
      [Symbol.dispose]: () => [learner!, inspector].forEach(session => session && void closeSession(session)),
    }))
  } finally {
    await admin.query(mayNotEnter(databases))
  }
}

/** Whether they can be used as they are: a statement before may have ended them, or taken the whole server down. */
export function areOpen({ learner, inspector }: DatasetSessions): boolean {
  return [learner, inspector].every(session => !session?.connection.stream.destroyed)
}

/**
 * No text of anybody's runs while this holds. A role that may enter a database learns more of it from the catalogue, and one
 * that is at its limit can't log in at all.
 */
function mayEnter(databases: readonly string[]): string {
  return `GRANT CONNECT ON DATABASE ${names(databases)} TO ${LEARNER}, ${INSPECTOR}; ALTER ROLE ${LEARNER} CONNECTION LIMIT -1`
}

function mayNotEnter(databases: readonly string[]): string {
  return `REVOKE CONNECT ON DATABASE ${names(databases)} FROM ${LEARNER}, ${INSPECTOR}; ALTER ROLE ${LEARNER} CONNECTION LIMIT ${FIXED.queryConnections}`
}

function names(databases: readonly string[]): string {
  return databases.map(name => escapeIdentifier(name)).join(', ')
}

/** One SELECT in a transaction that can't write, on a session that has none. */
export async function askReading(session: Client, text: string, manifest: QueryManifest, killer: Killer): Promise<RunResult> {
  return runAfter(session, 'BEGIN READ ONLY', text, limitsOf(manifest), killer)
}

export function limitsOf(manifest: QueryManifest) {
  return { timeMs: manifest.limits.statement, ...RESULT_LIMITS }
}
