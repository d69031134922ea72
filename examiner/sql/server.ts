import { escapeIdentifier, type Client } from 'pg'
import { SUPERUSER } from './roles.ts'
import { killerOn, type Killer } from './run-statement.ts'

/*
 * The database box as this folder uses it: a way to connect as any role, and one session of the superuser from which
 * other sessions are ended. Roles, databases and settings are made here, before any learner's text exists.
 */
export type Connect = (user: string, database: string, settings?: Record<string, string>) => Promise<Client>

/** The superuser's session for the server's own affairs; it never enters a database that a learner can change. */
export async function openAdmin(connect: Connect): Promise<{ admin: Client; killer: Killer }> {
  const admin = await openSession(connect, SUPERUSER, FIRST)
  return { admin, killer: killerOn(admin) }
}

/** A session whose sudden end is told by its queries, not by an uncaught event. */
export async function openSession(connect: Connect, user: string, database: string): Promise<Client> {
  const client = await connect(user, database)
  client.on('error', () => {})
  return client
}

/** Runs something with a session of its own; however that session ends, it is closed. */
export async function withSession<T>(connect: Connect, user: string, database: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await openSession(connect, user, database)
  try {
    return await use(client)
  } finally {
    await closeSession(client)
  }
}

/** The same where nothing depends on the session's end: it is asked for, and not waited for. */
export async function withLook<T>(connect: Connect, user: string, database: string, use: (client: Client) => Promise<T>): Promise<T> {
  const client = await openSession(connect, user, database)
  try {
    return await use(client)
  } finally {
    void closeSession(client)
  }
}

/**
 * The answers to what was sent one after the other without waiting. Throws what the first that failed failed with: those after it were run, too, and
 * may have failed for its sake.
 */
export async function answers<T>(sent: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(sent)
  return settled.map(each => {
    if (each.status === 'rejected') throw each.reason as Error
    return each.value
  })
}

const CLOSE_MS = 2_000

/** Ends a session and waits until it has ended, so that the next one finds its place free; a broken one is not waited for. */
export async function closeSession(client: Client): Promise<void> {
  const { stream } = client.connection
  if (stream.destroyed) return
  const late = setTimeout(() => stream.destroy(), CLOSE_MS)
  await client.end().catch(() => {})
  clearTimeout(late)
}

/** The database from which all others are made; every box has it, and only the superuser enters it. */
export const FIRST = 'postgres'

/**
 * Makes a database as its template stands. `rights` are GRANTs on it; nobody has any otherwise. Copies the template's files: on a
 * server that writes nothing durably that is twice as fast as copying through its log.
 */
export async function createDatabase(admin: Client, name: string, { template = FIRST, rights = '' } = {}): Promise<void> {
  const create = `CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)} STRATEGY file_copy`
  await answers([create, `REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC; ${rights}`].map(each => admin.query(each)))
}

export async function dropDatabase(admin: Client, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)
}
