import type { Client } from 'pg'
import type { QueryManifest } from '../../../core/exercise.ts'
import { FIXED } from '../../../core/limits.ts'
import type { PlanBudget } from '../../../core/plan-budget.ts'
import type { FileMap } from '../../../core/submission.ts'
import type { Expected } from '../comparison/compare.ts'
import { openDatasets, type DatasetSessions } from '../learner-session.ts'
import { forgetSession, loadFiles } from '../load.ts'
import { becomeLearner, expectedRows, expectedState, readReference, referenceFault, type Reference } from './reference-answer.ts'
import type { PreparedBudget } from './plan/grade-plan.ts'
import { measure, namedRelations, WATCHED } from './plan/measure.ts'
import { WORK_IN_SIGHT } from './plan/work-in-sight.ts'
import { INSPECTOR, INSPECTOR_ROLE, LEARNER, learnerRole, roleSql, SUPERUSER } from '../roles.ts'
import type { Killer } from '../run-statement.ts'
import { answers, createDatabase, dropDatabase, openAdmin, withSession, type Connect } from '../server.ts'
import { shuffledTables, shuffleTables, type ShuffledTable } from '../shuffle.ts'
import type { TableState } from '../table-state.ts'

/*
 * Makes the server ready before any learner's text exists: the learner's role, a database per data set with its rows
 * shuffled, and the reference's answer, which leaves the server with the session that asked for it and is kept here.
 * Few sessions and few ways there and back are what makes this cheap: docs/decisions/0017.
 */
export type PreparedDataset = {
  id: string
  /** Where the learner's statement will run. */
  database: string
  /** What the reference returned; of a change, the state of every table after it. */
  expected: Expected | TableState
  /** What its plan may cost, where the exercise says so. */
  budget?: PreparedBudget | undefined
  /** Absent once they were used, and where there are too many data sets to hold them for all. */
  sessions?: DatasetSessions | undefined
}

export type PreparedQuery = {
  connect: Connect
  admin: Client
  killer: Killer
  datasets: Map<string, PreparedDataset>
}

/** For how many data sets sessions are opened ahead. Each holds some megabytes of the box's memory. */
const OPENED_AHEAD = 10

/** Throws InvalidInput naming the exercise's file that can't be used. */
export async function prepareQuery(connect: Connect, manifest: QueryManifest, files: FileMap, seed: number): Promise<PreparedQuery> {
  const { admin, killer } = await openAdmin(connect)
  const server = { connect, admin, killer }
  const reference = await readReference(manifest, files)
  const tables = await laySchema(admin, manifest, files, seed)
  const places = manifest.datasets.map(({ id, file, plan }, index) => ({ id, file, plan, database: `dataset_${index + 1}` }))
  // Sent at once; the rows of the first are laid while the next is made.
  const created = places.map(({ database }) => createDatabase(admin, database))
  const settled = Promise.allSettled(created)
  await using _ = { [Symbol.asyncDispose]: async () => void (await settled) }
  const datasets = new Map<string, PreparedDataset>()
  for (const [index, { id, file, plan, database }] of places.entries()) {
    await created[index]
    const lay = (client: Client) => layRows(client, files, file, tables, seed)
    const asking = { manifest, reference, database, lay, ...(plan && { budget: plan, field: `datasets.${index}.plan` }) }
    datasets.set(id, { id, database, ...(await (manifest.statement === 'select' ? rowsOf : stateOf)(server, asking)) })
  }
  const ahead = places.slice(0, OPENED_AHEAD)
  const databases = ahead.map(({ database }) => database)
  const sessions = await openDatasets(server, databases, manifest)
  for (const [index, { id }] of ahead.entries()) datasets.get(id)!.sessions = sessions[index]
  return { ...server, datasets }
}

/**
 * The data sets of a query that only reads once more, their rows drawn from another seed. They stand in databases of their own, which
 * are gone after `use`.
 */
export async function withRedrawn<T>(
  { connect, admin, killer }: Server,
  manifest: QueryManifest,
  files: FileMap,
  seed: number,
  use: (datasets: PreparedDataset[]) => Promise<T>,
): Promise<T> {
  const reference = await readReference(manifest, files)
  const tables = await shuffledTables(admin)
  const datasets: PreparedDataset[] = []
  try {
    for (const [index, { id, file }] of manifest.datasets.entries()) {
      const database = `redrawn_${index + 1}`
      await createDatabase(admin, database)
      const lay = (client: Client) => layRows(client, files, file, tables, seed)
      datasets.push({ id, database, ...(await rowsOf({ connect, admin, killer }, { manifest, reference, database, lay })) })
    }
    return await use(datasets)
  } finally {
    for (const { database } of datasets) await dropDatabase(admin, database)
  }
}

/** The roles, and the schema with the learner's rights in it in the database that all data sets are made from; tells its tables. */
async function laySchema(admin: Client, manifest: QueryManifest, files: FileMap, seed: number): Promise<ShuffledTable[]> {
  const hasBudgets = manifest.datasets.some(({ plan }) => plan)
  const statementMs = manifest.limits.statement * (hasBudgets ? WATCHED : 1)
  const roles = [learnerRole(FIXED.queryConnections, statementMs), INSPECTOR_ROLE].map(roleSql)
  const sent = [
    admin.query(`${roles.join('; ')}; GRANT pg_read_all_data TO ${INSPECTOR}`),
    loadFiles(admin, files, [manifest.schema], seed),
    forgetSession(admin, manifest.schema),
    admin.query(grants(manifest.statement)),
    ...(hasBudgets ? [admin.query(WORK_IN_SIGHT)] : []),
  ]
  const tables = shuffledTables(admin)
  await answers<unknown>([...sent, tables])
  return tables
}

async function layRows(client: Client, files: FileMap, file: string, tables: readonly ShuffledTable[], seed: number): Promise<void> {
  await answers([loadFiles(client, files, [file], seed), shuffleTables(client, tables, seed)])
}

type Server = Omit<PreparedQuery, 'datasets'>
type Asking = {
  manifest: QueryManifest
  reference: Reference
  database: string
  lay: (client: Client) => Promise<void>
  budget?: PlanBudget
  /** Where the budget stands in exercise.yaml. */
  field?: string
}
type Answer = Pick<PreparedDataset, 'expected' | 'budget'>

async function rowsOf({ connect, killer }: Server, { manifest, reference, database, lay, budget, field = '' }: Asking): Promise<Answer> {
  return withSession(connect, SUPERUSER, database, async client => {
    const laid = lay(client)
    const names = budget && namedRelations(client, budget, field)
    await answers<unknown>([laid, ...(names ? [names] : []), becomeLearner(client)])
    const expected = await expectedRows(client, reference, manifest, killer)
    if ('type' in expected) throw referenceFault(manifest, database, expected)
    if (!budget || !names) return { expected }
    await client.query('ROLLBACK')
    const measured = await measure(client, reference.statement.text, manifest, killer)
    if ('type' in measured) throw referenceFault(manifest, database, measured)
    return { expected, budget: { budget, named: await names, reference: measured } }
  })
}

/** The reference runs on a copy, which is thrown away. */
async function stateOf({ connect, admin, killer }: Server, { manifest, reference, database, lay }: Asking): Promise<Answer> {
  await withSession(connect, SUPERUSER, database, lay)
  const copy = `${database}_copy`
  await createDatabase(admin, copy, { template: database })
  const answer = await withSession(connect, SUPERUSER, copy, client => expectedState(client, reference, manifest, killer))
  if ('type' in answer) throw referenceFault(manifest, database, answer)
  await dropDatabase(admin, copy)
  return { expected: answer }
}

/**
 * Every table of the exercise's may be read; where rows are to be changed, changed too. A role may end its own sessions, and those of
 * the other data sets are open already: nobody may.
 */
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
    END $$;
    REVOKE EXECUTE ON FUNCTION pg_terminate_backend, pg_cancel_backend FROM PUBLIC`
}
