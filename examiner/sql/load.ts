import type { Client, DatabaseError } from 'pg'
import { InvalidInput } from '../../core/errors.ts'
import type { FileMap } from '../../core/submission.ts'

/**
 * Runs an exercise's own SQL files, each from the same start: `random()` continues from the grading's seed, and
 * `current_setting('assay.seed')` reads that seed, so generated rows differ from grading to grading and a regrade sees
 * the same ones. (`gen_random_uuid()` and `now()` know no seed.) Throws InvalidInput naming the file that fails.
 */
export async function loadFiles(client: Client, files: FileMap, paths: readonly string[], seed: number): Promise<void> {
  for (const path of paths) {
    const text = files[path]
    if (text === undefined) throw new InvalidInput([{ file: path, message: 'this file is named in exercise.yaml but is not there' }])
    await client.query(`SELECT pg_catalog.set_config('assay.seed', $1, false), pg_catalog.setseed($2)`, [String(seed), seedFraction(seed)])
    try {
      await client.query(text)
    } catch (error) {
      const { message, position } = error as DatabaseError
      const line = position ? `, line ${text.slice(0, Number(position)).split('\n').length}` : ''
      throw new InvalidInput([{ file: path, message: `this SQL fails${line}: ${message}` }])
    }
  }
}

/** What setseed takes: a number from -1 to 1, the same for the same seed. */
export function seedFraction(seed: number): number {
  return ((seed * 2_654_435_761) % 2_000_003) / 2_000_003
}
