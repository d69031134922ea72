import type { Client } from 'pg'
import { InvalidInput } from '../../../core/errors.ts'
import type { QueryManifest } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { exactForm, familyOf, type Cell } from '../comparison/cell.ts'
import type { Expected } from '../comparison/compare.ts'
import { askReading, limitsOf } from '../learner-session.ts'
import { choicesOf, withoutLimit } from '../comparison/limit-ties.ts'
import { parseSql, type Statement } from '../parse.ts'
import { LEARNER } from '../roles.ts'
import { runStatement, type Failure, type Killer } from '../run-statement.ts'
import { answers } from '../server.ts'
import { sortKeysOf } from '../comparison/sort-keys.ts'
import { readTables, type TableState } from '../table-state.ts'

/*
 * What the reference answers on a data set. It runs in the session that laid the rows, as the learner's role and with all that a
 * login of that role brings, so an exercise that needs more rights than a learner has fails while it is prepared.
 */
export type Reference = { statement: Statement }

/** Throws InvalidInput where the exercise's reference isn't one statement. */
export async function readReference(manifest: QueryManifest, files: FileMap): Promise<Reference> {
  const broken = (message: string) => new InvalidInput([{ file: manifest.reference, message }])
  const parsed = await parseSql(files[manifest.reference] ?? '')
  if (parsed.fault) throw broken(parsed.fault.message)
  const [statement, second] = parsed.statements
  if (!statement || second) throw broken(`expected one statement, got ${parsed.statements.length}`)
  return { statement }
}

/**
 * Makes the superuser's session one of the learner's: nothing is left of what ran in it, and the settings are those that a login
 * would find in the catalogue, the least of them first. Only for texts of ours: what runs there could go back.
 */
export async function becomeLearner(session: Client): Promise<void> {
  await answers(['DISCARD ALL', SETTINGS, `SET SESSION AUTHORIZATION ${LEARNER}`].map(each => session.query(each)))
}

const SETTINGS = `
  SELECT pg_catalog.set_config(pg_catalog.split_part(line, '=', 1), pg_catalog.substr(line, pg_catalog.strpos(line, '=') + 1), false)
  FROM (
    SELECT line FROM pg_catalog.pg_db_role_setting, pg_catalog.unnest(setconfig) AS line
    WHERE setrole IN (0, '${LEARNER}'::pg_catalog.regrole)
      AND setdatabase IN (0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()))
    ORDER BY setrole <> 0, setdatabase <> 0
  ) AS settings`

/** The rows that it returns, to a session that has become the learner's. */
export async function expectedRows(
  session: Client,
  { statement }: Reference,
  manifest: QueryManifest,
  killer: Killer,
): Promise<Expected | Failure> {
  const plain = await askReading(session, statement.text, manifest, killer)
  if (plain.type !== 'rows') return plain
  const { columns, rows } = plain
  if (!isSorted(statement)) return { columns, rows }
  const names = columns.map(column => column.name)
  const keys = await sortKeysOf(statement, names)
  const keyed = keys && (keys.added === 0 ? plain : await askAgain(session, keys.text, manifest, killer))
  // Where the keys can't be asked for beside the rows, the reference's own order is the only right one.
  if (!keys || keyed?.type !== 'rows' || keyed.columns.length !== columns.length + keys.added)
    return { columns, rows, keys: rows.map(() => []) }
  // Keys that PostgreSQL takes for equal are: 5.0 and 5.00 tie.
  const families = keyed.columns.map(({ type }) => familyOf(type))
  const keyOf = (row: readonly Cell[]) => keys.read(row.map((cell, at) => exactForm(cell, families[at]!)))
  const own = (row: readonly Cell[]) => row.slice(0, names.length)
  const answer = { columns, rows: keyed.rows.map(own), keys: keyed.rows.map(keyOf) }
  const uncut = isCut(statement) ? withoutLimit(keys.text) : undefined
  if (uncut === undefined) return answer
  const all = await askAgain(session, `SELECT * FROM (${uncut}) AS uncut LIMIT ${MOST_UNCUT + 1}`, manifest, killer)
  if (all.type !== 'rows' || all.rows.length > MOST_UNCUT) return answer
  return {
    ...answer,
    choices: choicesOf(
      answer.keys,
      all.rows.map(row => ({ row: own(row), key: keyOf(row) })),
    ),
  }
}

/** Of more rows than these it isn't asked which ones tie with the last one that LIMIT leaves: the reference's choice is the only right one. */
const MOST_UNCUT = 20_000

async function askAgain(...[session, ...asked]: Parameters<typeof askReading>) {
  await session.query('ROLLBACK')
  return askReading(session, ...asked)
}

/** The state of every table after it ran in a session of the superuser's, in a copy that is thrown away. */
export async function expectedState(
  session: Client,
  { statement }: Reference,
  manifest: QueryManifest,
  killer: Killer,
): Promise<TableState | Failure> {
  await becomeLearner(session)
  const result = await runStatement(session, statement.text, limitsOf(manifest), killer)
  if (result.type !== 'rows') return result
  await session.query('DISCARD ALL')
  const state = await readTables(session, killer)
  return 'fault' in state ? state.fault : state
}

function isCut({ node }: Statement): boolean {
  return (node.limitCount !== undefined || node.limitOffset !== undefined) && node.limitOption !== 'LIMIT_OPTION_WITH_TIES'
}

function isSorted({ node }: Statement): boolean {
  return Array.isArray(node.sortClause) && node.sortClause.length > 0
}

export function referenceFault(manifest: QueryManifest, database: string, result: Failure): InvalidInput {
  const words = {
    error: () => (result.type === 'error' ? result.error.message : ''),
    timed_out: () => `it takes longer than ${manifest.limits.statement} ms, the limit of a statement`,
    too_large: () => 'its result is above 100,000 rows or 16 MiB',
    lost: () => 'the server ended while it ran',
  }[result.type]()
  return new InvalidInput([{ file: manifest.reference, message: `the reference fails on ${database.replace('_', ' ')}: ${words}` }])
}
