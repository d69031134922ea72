import type { Client, DatabaseError } from 'pg'
import { InvalidInput } from '../../core/errors.ts'
import type { FileMap } from '../../core/submission.ts'
import { answers } from './server.ts'

/**
 * Runs an exercise's own SQL files, each from the same start: `random()` continues from the grading's seed, and
 * `current_setting('assay.seed')` reads that seed, so generated rows differ from grading to grading and a regrade sees
 * the same ones. (`gen_random_uuid()` and `now()` know no seed.) Throws InvalidInput naming the file that fails.
 */
export async function loadFiles(client: Client, files: FileMap, paths: readonly string[], seed: number): Promise<void> {
  await answers(paths.map(path => loadFile(client, files, path, seed)))
}

/** Sends its statements before it first waits: what is sent in the same turn runs after it. */
async function loadFile(client: Client, files: FileMap, path: string, seed: number): Promise<void> {
  const text = files[path]
  if (text === undefined) throw new InvalidInput([{ file: path, message: 'this file is named in exercise.yaml but is not there' }])
  const start = `SELECT pg_catalog.set_config('assay.seed', '${seed}', false), pg_catalog.setseed(${seedFraction(seed)})`
  try {
    await answers([client.query(start), client.query(text)])
  } catch (error) {
    const { message, position } = error as DatabaseError
    const line = position ? `, line ${text.slice(0, Number(position)).split('\n').length}` : ''
    throw new InvalidInput([{ file: path, message: `this SQL fails${line}: ${message}` }])
  }
}

/** Takes back what a file set for its own session. Throws InvalidInput where it ends inside a transaction. */
export async function forgetSession(client: Client, path: string): Promise<void> {
  try {
    await client.query('DISCARD ALL')
  } catch (error) {
    if ((error as DatabaseError).code !== ACTIVE_TRANSACTION) throw error
    throw new InvalidInput([{ file: path, message: 'this SQL ends inside a transaction that it began: COMMIT is missing' }])
  }
}

const ACTIVE_TRANSACTION = '25001'

/** What setseed takes: a number from -1 to 1, the same for the same seed. */
export function seedFraction(seed: number): number {
  return ((seed * 2_654_435_761) % 2_000_003) / 2_000_003
}
