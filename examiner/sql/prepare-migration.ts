import type { Client } from 'pg'
import { GraderError, InvalidInput } from '../../core/errors.ts'
import type { MigrationManifest } from '../../core/exercise.ts'
import { FIXED } from '../../core/limits.ts'
import type { FileMap } from '../../core/submission.ts'
import { readCatalogue } from './catalogue.ts'
import { loadFiles } from './load.ts'
import type { Killer } from './run-statement.ts'
import type { Catalogue } from './schema-difference.ts'
import {
  applySettings,
  createDatabase,
  createRole,
  dropDatabase,
  INSPECTOR,
  INSPECTOR_ROLE,
  LEARNER,
  learnerRole,
  openAdmin,
  restrictServer,
  SUPERUSER,
  withSession,
  type Connect,
} from './server.ts'
import { shuffledTables, shuffleTables } from './shuffle.ts'
import { readTables, type TableState } from './table-state.ts'

/*
 * Makes the server ready before any learner's text exists: the old schema with its rows as a template, owned by the
 * learner's role, and what the wanted schema looks like. The database that held the wanted schema is gone by then.
 */
export const DATABASE = 'app'
const TEMPLATE = 'app_template'
const WANTED = 'app_wanted'

/** Writes every table, to see what constraints refuse; always rolled back. */
export const WRITER = 'writer'

export type PreparedMigration = {
  connect: Connect
  admin: Client
  killer: Killer
  wanted: Catalogue
  old: Catalogue
  seeded: TableState
}

/** Throws InvalidInput naming the exercise's file that can't be used. */
export async function prepareMigration(
  connect: Connect,
  manifest: MigrationManifest,
  files: FileMap,
  seed: number,
): Promise<PreparedMigration> {
  const { admin, killer } = await openAdmin(connect)
  await restrictServer(connect, admin)
  await createRole(admin, learnerRole(FIXED.migrationConnections, manifest.limits.statement))
  await createRole(admin, INSPECTOR_ROLE)
  await createRole(admin, {
    ...INSPECTOR_ROLE,
    name: WRITER,
    settings: { ...INSPECTOR_ROLE.settings, default_transaction_read_only: 'off' },
  })
  await admin.query(`GRANT pg_read_all_data TO ${INSPECTOR}, ${WRITER}; GRANT pg_write_all_data TO ${WRITER}`)

  await makeDatabase(connect, admin, WANTED, files, [manifest.wanted], seed)
  const wanted = await withSession(connect, SUPERUSER, WANTED, client => readCatalogue(client, killer))
  await dropDatabase(admin, WANTED)
  await makeDatabase(connect, admin, TEMPLATE, files, [manifest.schema, ...(manifest.seed ? [manifest.seed] : [])], seed)
  const old = await withSession(connect, SUPERUSER, TEMPLATE, client => readCatalogue(client, killer))
  const seeded = await withSession(connect, SUPERUSER, TEMPLATE, async client => {
    await shuffleTables(client, await shuffledTables(client), seed)
    return readTables(client, killer)
  })
  if ('fault' in wanted) throw new InvalidInput([{ file: manifest.wanted, message: 'its schema is too large to be read' }])
  if ('fault' in old || 'fault' in seeded)
    throw new InvalidInput([{ file: manifest.schema, message: 'its schema or its rows are too large to be read' }])
  return { connect, admin, killer, wanted, old, seeded }
}

/** A database whose objects belong to the learner's role, as a team's database belongs to the role that migrates it. */
async function makeDatabase(connect: Connect, admin: Client, name: string, files: FileMap, paths: readonly string[], seed: number) {
  await createDatabase(admin, name, { rights: `GRANT CREATE, TEMPORARY ON DATABASE ${name} TO ${LEARNER}` })
  await withSession(connect, SUPERUSER, name, async client => {
    await client.query(`ALTER SCHEMA public OWNER TO ${LEARNER}; SET ROLE ${LEARNER}`)
    await loadFiles(client, files, paths, seed)
  })
  await admin.query(`REVOKE ALL ON DATABASE ${name} FROM ${LEARNER}`)
}

/** Makes the learner's database anew, at the old schema, and forgets settings that the learner gave their own role. */
export async function resetMigration({ admin }: PreparedMigration, statementMs: number): Promise<void> {
  try {
    await dropDatabase(admin, DATABASE)
    await applySettings(admin, learnerRole(FIXED.migrationConnections, statementMs))
    const rights = `GRANT CONNECT, CREATE, TEMPORARY ON DATABASE ${DATABASE} TO ${LEARNER}; GRANT CONNECT ON DATABASE ${DATABASE} TO ${INSPECTOR}, ${WRITER}`
    await createDatabase(admin, DATABASE, { template: TEMPLATE, rights })
  } catch (error) {
    throw new GraderError('DATABASE_RESET', 'The database could not be made anew from its template.', { cause: error })
  }
}
