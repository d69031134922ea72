import { manifestSchema, type MigrationManifest } from '../../../core/exercise.ts'
import type { FileMap } from '../../../core/submission.ts'
import { knownWords } from '../../../examiner/sql/words/known-words.ts'
import { migrationFixtures } from '../../../examiner/sql/migration/migration-fixtures.ts'
import { MigrationState } from '../../../examiner/sql/migration/migration-state.ts'
import { prepareMigration } from '../../../examiner/sql/migration/prepare-migration.ts'
import { readSteps } from '../../../examiner/sql/split.ts'
import { startPostgres } from '../../support/postgres.ts'

const manifest = manifestSchema.parse({
  kind: 'migration',
  title: 'Names',
  difficulty: 'easy',
  tasks: [{ id: 'names', title: 'Names' }],
  limits: { statement: '30s' },
  seed: 'seed.sql',
}) as MigrationManifest

/** A server prepared for an exercise of these files (schema.sql, seed.sql, wanted.sql), and what a test of it is given. */
export async function prepareExercise(files: FileMap) {
  const server = await startPostgres()
  const prepared = await prepareMigration(server.connect, manifest, files, 42)
  const begin = async (submission: FileMap, statementMs = 30_000) => {
    const steps = await readSteps(submission)
    if ('refused' in steps) throw new Error(steps.refused.message)
    const known = knownWords(...Object.values(submission), files['schema.sql']!, files['wanted.sql']!)
    const state = new MigrationState(prepared, steps, statementMs, known)
    await state.reset()
    return { state, ...migrationFixtures(prepared, state, statementMs, new AbortController().signal) }
  }
  return {
    server,
    prepared,
    begin,
    [Symbol.asyncDispose]: async () => {
      await prepared.admin.end()
      await server[Symbol.asyncDispose]()
    },
  }
}

export const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'nothing failed',
    (error: Error) => error.message,
  )
