import type { Client } from 'pg'
import { GraderError, InvalidInput } from '../../../core/errors.ts'
import type { MigrationManifest } from '../../../core/exercise.ts'
import { FIXED } from '../../../core/limits.ts'
import type { FileMap } from '../../../core/submission.ts'
import { readCatalogue } from './catalogue.ts'
import { forgetSession, loadFiles } from '../load.ts'
import type { Killer } from '../run-statement.ts'
import type { Catalogue } from './schema-difference.ts'
import { INSPECTOR, INSPECTOR_ROLE, LEARNER, learnerRole, roleSql, settingsSql, SUPERUSER, type RoleSpec } from '../roles.ts'
import { answers, createDatabase, dropDatabase, FIRST, openAdmin, withSession, type Connect } from '../server.ts'
import { shuffledTables, shuffleTables, vacuum } from '../shuffle.ts'
import { largeTables, readTables, type TableState } from '../table-state.ts'

/*
 * Makes the server ready before any learner's text exists: the old schema with its rows, owned by the learner's role, in the
 * database that the learner's is made from; and what the wanted schema looks like. What held that one is gone by then.
 */
export const DATABASE = 'app'
const WANTED = 'app_wanted'

/** Writes every table: to see what constraints refuse, and as the application that works meanwhile. Triggers of the learner's may run as it. */
export const WRITER = 'writer'
const WRITER_ROLE: RoleSpec = {
  ...INSPECTOR_ROLE,
  name: WRITER,
  settings: { ...INSPECTOR_ROLE.settings, default_transaction_read_only: 'off' },
}

export type PreparedMigration = {
  connect: Connect
  admin: Client
  killer: Killer
  wanted: Catalogue
  old: Catalogue
  /** Of the tables that can be read whole. */
  seeded: TableState
  /** The others, by name. */
  large: ReadonlySet<string>
  seed: number
  /** The learner's database is there as it was made, and nothing has run in it. */
  asMade: boolean
}

/** Throws InvalidInput naming the exercise's file that can't be used. */
export async function prepareMigration(
  connect: Connect,
  manifest: MigrationManifest,
  files: FileMap,
  seed: number,
): Promise<PreparedMigration> {
  const { admin, killer } = await openAdmin(connect)
  const roles = [learnerRole(FIXED.migrationConnections, manifest.limits.statement), INSPECTOR_ROLE, WRITER_ROLE].map(roleSql)
  await answers<unknown>([
    admin.query(`${roles.join('; ')}; GRANT pg_read_all_data TO ${INSPECTOR}, ${WRITER}; GRANT pg_write_all_data TO ${WRITER}`),
    createDatabase(admin, WANTED),
  ])
  const wanted = await withSession(connect, SUPERUSER, WANTED, async client => {
    await laySchema(client, WANTED, files, [manifest.wanted], seed)
    return readCatalogue(client, killer)
  })
  await answers<unknown>([
    dropDatabase(admin, WANTED),
    laySchema(admin, FIRST, files, [manifest.schema, ...(manifest.seed ? [manifest.seed] : [])], seed),
  ])
  const old = await readCatalogue(admin, killer)
  await admin.query('DISCARD ALL')
  const large = await largeTables(admin)
  const tables = await shuffledTables(admin)
  // Writing a million rows twice would take the box's memory: their order is their seed file's.
  const [left, shuffled] = [true, false].map(is => tables.filter(({ shown }) => large.has(shown) === is))
  await shuffleTables(admin, shuffled!, seed)
  await vacuum(admin, left!)
  const seeded = await readTables(admin, killer, large)
  if ('fault' in wanted) throw new InvalidInput([{ file: manifest.wanted, message: 'its schema is too large to be read' }])
  if ('fault' in old || 'fault' in seeded)
    throw new InvalidInput([{ file: manifest.schema, message: 'its schema or its rows are too large to be read' }])
  await makeDatabase(admin)
  return { connect, admin, killer, wanted, old, seeded, large, seed, asMade: true }
}

/** Objects that belong to the learner's role, as a team's database belongs to the role that migrates it. */
async function laySchema(client: Client, database: string, files: FileMap, paths: readonly string[], seed: number): Promise<void> {
  const rights = `CREATE, TEMPORARY ON DATABASE ${database}`
  await answers<unknown>([
    client.query(`GRANT ${rights} TO ${LEARNER}; ALTER SCHEMA public OWNER TO ${LEARNER}; SET ROLE ${LEARNER}`),
    loadFiles(client, files, paths, seed),
    forgetSession(client, paths.at(-1)!),
    client.query(`RESET ROLE; REVOKE ${rights} FROM ${LEARNER}`),
  ])
}

/** Makes the learner's database anew, at the old schema, and forgets the settings that the learner's text gave the roles it ran as. */
export async function resetMigration(prepared: PreparedMigration, statementMs: number): Promise<void> {
  if (prepared.asMade) {
    prepared.asMade = false
    return
  }
  const { admin } = prepared
  try {
    const roles = [learnerRole(FIXED.migrationConnections, statementMs), INSPECTOR_ROLE, WRITER_ROLE]
    const settings = roles.map(settingsSql).join('; ')
    await answers<unknown>([dropDatabase(admin, DATABASE), admin.query(settings), makeDatabase(admin)])
  } catch (error) {
    throw new GraderError('DATABASE_RESET', 'The database could not be made anew from its template.', { cause: error })
  }
}

async function makeDatabase(admin: Client): Promise<void> {
  const rights = `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${DATABASE} TO ${LEARNER}; GRANT CONNECT ON DATABASE ${DATABASE} TO ${INSPECTOR}, ${WRITER}`
  await createDatabase(admin, DATABASE, { rights })
}
