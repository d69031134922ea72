import { escapeIdentifier, escapeLiteral, type Client } from 'pg'
import { killerOn, type Killer } from './run-statement.ts'

/*
 * The database box as this folder uses it: a way to connect as any role, and one session of the superuser from which
 * other sessions are ended. Roles, databases and settings are made here, before any learner's text exists.
 */
export type Connect = (user: string, database: string, settings?: Record<string, string>) => Promise<Client>

export const SUPERUSER = 'assay'
export const LEARNER = 'learner'

/** The superuser's session for the server's own affairs; it never enters a database that a learner can change. */
export async function openAdmin(connect: Connect): Promise<{ admin: Client; killer: Killer }> {
  const admin = await openSession(connect, SUPERUSER, 'postgres')
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

const CLOSE_MS = 2_000

/** Ends a session and waits until it has ended, so that the next one finds its place free; a broken one is not waited for. */
export async function closeSession(client: Client): Promise<void> {
  const { stream } = client.connection
  if (stream.destroyed) return
  const late = setTimeout(() => stream.destroy(), CLOSE_MS)
  await client.end().catch(() => {})
  clearTimeout(late)
}

/** What every session of these sees: values are printed in one way, and nothing outruns the box. */
export const PRINTING = {
  TimeZone: 'UTC',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  extra_float_digits: '1',
  bytea_output: 'hex',
  client_min_messages: 'error',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
}

export type RoleSpec = {
  name: string
  /** One restriction each: npm run attacks:matrix takes them away one by one. */
  attributes: readonly string[]
  settings: Record<string, string>
}

/** The role of the learner's own text: a direct login that can do nothing beyond what it is granted. */
export function learnerRole(connections: number, statementMs: number): RoleSpec {
  return {
    name: LEARNER,
    attributes: [
      'LOGIN',
      'NOSUPERUSER',
      'NOCREATEDB',
      'NOCREATEROLE',
      'NOINHERIT',
      'NOREPLICATION',
      'NOBYPASSRLS',
      `CONNECTION LIMIT ${connections}`,
    ],
    settings: {
      ...PRINTING,
      // Both for the better words: a learner can switch them off, the examiner's own deadline they can't.
      statement_timeout: `${statementMs}ms`,
      lock_timeout: `${statementMs}ms`,
      // Sorting more than this on disk ends in memory_limit: the disk is the box's memory.
      temp_file_limit: '128MB',
    },
  }
}

/** Reads every table, whatever rights were taken away or row security put up; owns nothing, writes nothing. */
export const INSPECTOR = 'inspector'

/** The role as which the grader looks at what a learner's text left: code of theirs that runs then has no rights to speak of. */
export const INSPECTOR_ROLE: RoleSpec = {
  name: INSPECTOR,
  attributes: ['LOGIN', 'NOSUPERUSER', 'NOCREATEDB', 'NOCREATEROLE', 'NOREPLICATION', 'BYPASSRLS'],
  settings: {
    ...PRINTING,
    // A look is ended earlier, by the examiner's own limit for it.
    statement_timeout: '30s',
    lock_timeout: '5s',
    search_path: 'public',
    default_transaction_read_only: 'on',
  },
}

export async function createRole(admin: Client, role: RoleSpec): Promise<void> {
  await admin.query(`CREATE ROLE ${escapeIdentifier(role.name)} ${role.attributes.join(' ')}`)
  await applySettings(admin, role)
}

/** Gives a role its settings and no others: a learner may have changed those of their own role. */
export async function applySettings(admin: Client, { name, settings }: RoleSpec): Promise<void> {
  await admin.query(`ALTER ROLE ${escapeIdentifier(name)} RESET ALL`)
  for (const [setting, value] of Object.entries(settings)) {
    await admin.query(`ALTER ROLE ${escapeIdentifier(name)} SET ${escapeIdentifier(setting)} = ${escapeLiteral(value)}`)
  }
}

/** Functions that PostgreSQL lets everybody call and no exercise needs, by their names. */
const DENIED_FUNCTIONS = [
  // Large objects: rows outside every table, up to the disk's size, and with the server's files in and out.
  '^lo_',
  '^lo(read|write)$',
  // What fills the log, the queue of messages and the folder of snapshots, where no limit counts it.
  '^pg_logical_emit_message$',
  '^pg_notify$',
  '^pg_export_snapshot$',
  // The size of a hidden data set, seen from a visible one.
  '^pg_database_size$',
  '^pg_tablespace_size$',
]

/**
 * Takes from everybody what no exercise needs: entering any database, making temporary tables or others, and the functions
 * above. Done in template1, from which every later database is made.
 */
export async function restrictServer(connect: Connect, admin: Client): Promise<void> {
  for (const database of ['postgres', 'template1']) await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`)
  await withSession(connect, SUPERUSER, 'template1', async client => {
    const { rows } = await client.query<{ signature: string }>(
      `SELECT oid::regprocedure::text AS signature FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND proname ~ ANY ($1)`,
      [DENIED_FUNCTIONS],
    )
    await client.query(rows.map(({ signature }) => `REVOKE EXECUTE ON FUNCTION ${signature} FROM PUBLIC;`).join('\n'))
  })
}

/** `rights` are GRANTs on it; nobody has any otherwise. Copies the template's files: on a server that writes nothing durably that is twice as fast as copying through its log. */
export async function createDatabase(admin: Client, name: string, { template = 'template1', rights = '' } = {}): Promise<void> {
  await admin.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)} STRATEGY file_copy`)
  await admin.query(`REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC; ${rights}`)
}

export async function dropDatabase(admin: Client, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`)
}
