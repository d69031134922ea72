import type { Client } from 'pg'
import { InvalidInput } from '../../core/errors.ts'
import type { QueryManifest } from '../../core/exercise.ts'
import { FIXED } from '../../core/limits.ts'
import type { FileMap } from '../../core/submission.ts'
import type { Expected } from './compare.ts'
import { loadFiles } from './load.ts'
import { parseSql, type Statement } from './parse.ts'
import { RESULT_LIMITS, runStatement, type Failure, type Killer, type RunResult } from './run-statement.ts'
import {
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
import { sortKeysOf } from './sort-keys.ts'
import { readTables, type TableState } from './table-state.ts'

/*
 * Makes the server ready before any learner's text exists: the learner's role, a database per data set with its rows
 * shuffled, and the reference's answer, which leaves the server with the session that asked for it and is kept here.
 * The reference runs as the learner will, so an exercise that needs more rights fails while it is prepared.
 */
export type PreparedDataset = {
  id: string
  /** Where the learner's statement will run. */
  database: string
  /** What the reference returned; of a change, the state of every table after it. */
  expected: Expected | TableState
}

export type PreparedQuery = {
  connect: Connect
  admin: Client
  killer: Killer
  datasets: Map<string, PreparedDataset>
}

/** Throws InvalidInput naming the exercise's file that can't be used. */
export async function prepareQuery(connect: Connect, manifest: QueryManifest, files: FileMap, seed: number): Promise<PreparedQuery> {
  const { admin, killer } = await openAdmin(connect)
  await restrictServer(connect, admin)
  await createRole(admin, learnerRole(FIXED.queryConnections, manifest.limits.statement))
  await createRole(admin, INSPECTOR_ROLE)
  await admin.query(`GRANT pg_read_all_data TO ${INSPECTOR}`)
  const reference = await readReference(manifest, files)
  await createDatabase(admin, EMPTY)
  const tables = await withSession(connect, SUPERUSER, EMPTY, async client => {
    await loadFiles(client, files, [manifest.schema], seed)
    await client.query(grants(manifest.statement))
    return shuffledTables(client)
  })
  const datasets = new Map<string, PreparedDataset>()
  for (const [index, { id, file }] of manifest.datasets.entries()) {
    const database = `dataset_${index + 1}`
    await createDatabase(admin, database, { template: EMPTY, rights: mayEnter(database) })
    await withSession(connect, SUPERUSER, database, async client => {
      await loadFiles(client, files, [file], seed)
      await shuffleTables(client, tables, seed)
    })
    const ask = manifest.statement === 'select' ? expectedRows : expectedState
    const expected = await ask({ connect, admin, killer, manifest, reference, database })
    await admin.query(mayNotEnter(database))
    datasets.set(id, { id, database, expected })
  }
  return { connect, admin, killer, datasets }
}

/** The schema and the learner's rights in it, without rows: what every data set's database begins as. */
const EMPTY = 'dataset_empty'

type Asking = {
  connect: Connect
  admin: Client
  killer: Killer
  manifest: QueryManifest
  reference: Statement
  database: string
}

async function expectedRows({ connect, killer, manifest, reference, database }: Asking): Promise<Expected> {
  const ask = (text: string) => askAsLearner(connect, database, text, manifest, killer)
  const keys = manifest.comparison.order === 'unordered' ? undefined : await sortKeysOf(reference)
  const plain = await ask(reference.text)
  if (plain.type !== 'rows') throw referenceFault(manifest, database, plain)
  const { columns, rows } = plain
  if (!isSorted(reference)) return { columns, rows }
  const names = columns.map(column => column.name)
  const asked = !keys || keys.added === 0 ? plain : await ask(keys.text)
  // Where the keys can't be asked for beside the rows, the reference's own order is the only right one.
  if (!keys || asked.type !== 'rows' || asked.columns.length !== names.length + keys.added)
    return { columns, rows, keys: rows.map(() => []) }
  return {
    columns,
    rows: asked.rows.map(row => row.slice(0, names.length)),
    keys: asked.rows.map(row => keys.read(row, names)),
  }
}

/** The state after the reference ran on a copy, which is thrown away. */
async function expectedState({ connect, admin, killer, manifest, reference, database }: Asking): Promise<TableState> {
  const copy = `${database}_copy`
  await createDatabase(admin, copy, { template: database, rights: mayEnter(copy) })
  const result = await withSession(connect, LEARNER, copy, client => runStatement(client, reference.text, limitsOf(manifest), killer))
  if (result.type !== 'rows') throw referenceFault(manifest, database, result)
  const state = await withSession(connect, SUPERUSER, copy, client => readTables(client, killer))
  if ('fault' in state) throw referenceFault(manifest, database, state.fault)
  await dropDatabase(admin, copy)
  return state
}

/** One SELECT of whoever's, as the learner, in a transaction that can't write. The session ends with it. */
export async function askAsLearner(
  connect: Connect,
  database: string,
  text: string,
  manifest: QueryManifest,
  killer: Killer,
): Promise<RunResult> {
  return withSession(connect, LEARNER, database, async client => {
    await client.query('BEGIN READ ONLY')
    return runStatement(client, text, limitsOf(manifest), killer)
  })
}

export function limitsOf(manifest: QueryManifest) {
  return { timeMs: manifest.limits.statement, ...RESULT_LIMITS }
}

async function readReference(manifest: QueryManifest, files: FileMap): Promise<Statement> {
  const broken = (message: string) => new InvalidInput([{ file: manifest.reference, message }])
  const parsed = await parseSql(files[manifest.reference] ?? '')
  if (parsed.fault) throw broken(parsed.fault.message)
  if (parsed.statements.length !== 1) throw broken(`expected one statement, got ${parsed.statements.length}`)
  return parsed.statements[0]!
}

function isSorted({ node }: Statement): boolean {
  return Array.isArray(node.sortClause) && node.sortClause.length > 0
}

function referenceFault(manifest: QueryManifest, database: string, result: Failure): InvalidInput {
  const words = {
    error: () => (result.type === 'error' ? result.error.message : ''),
    timed_out: () => `it takes longer than ${manifest.limits.statement} ms, the limit of a statement`,
    too_large: () => 'its result is above 100,000 rows or 16 MiB',
    lost: () => 'the server ended while it ran',
  }[result.type]()
  return new InvalidInput([{ file: manifest.reference, message: `the reference fails on ${database.replace('_', ' ')}: ${words}` }])
}

/** A data set's database is entered only while it is graded: the catalogue tells more of one that may be entered. */
export function mayEnter(database: string): string {
  return `GRANT CONNECT ON DATABASE ${database} TO ${LEARNER}, ${INSPECTOR}`
}

export function mayNotEnter(database: string): string {
  return `REVOKE CONNECT ON DATABASE ${database} FROM ${LEARNER}`
}

/** Every table of the exercise's may be read; where rows are to be changed, changed too. */
function grants(statement: QueryManifest['statement']): string {
  const rights = statement === 'select' ? 'SELECT' : 'SELECT, INSERT, UPDATE, DELETE'
  return `DO $$
    DECLARE name text;
    BEGIN
      FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO ${LEARNER}', name);
        EXECUTE format('GRANT ${rights} ON ALL TABLES IN SCHEMA %I TO ${LEARNER}', name);
        EXECUTE format('GRANT ${statement === 'select' ? 'SELECT' : 'USAGE, SELECT'} ON ALL SEQUENCES IN SCHEMA %I TO ${LEARNER}', name);
      END LOOP;
    END $$`
}
