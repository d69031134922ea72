import { join } from 'node:path'
import { GraderError, type Finding } from '../../core/errors.ts'
import type { QueryManifest } from '../../core/exercise.ts'
import type { CheckedMutant, MutantCheck } from '../../core/mutant-check.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import type { Sample } from '../../core/read-samples.ts'
import { tryMutants } from '../../worker/grading/try-mutants.ts'
import type { CheckWork } from './check-exercise.ts'

/** Where no seed is asked for, one check tries the same generated data as another. */
const SEED = 1

/** What mutants of a query's reference show of its data sets; undefined for an exercise that has none. */
export async function checkMutants({ slug, bundle }: Exercise, samples: readonly Sample[], work: CheckWork): Promise<MutantCheck | undefined> {
  const accepted = samples.filter(({ outcome }) => outcome === 'accepted').flatMap(({ files }) => Object.values(files).slice(0, 1))
  try {
    const { sandbox, signal, seed = SEED } = work
    return await tryMutants({ sandbox, bundle, seed, accepted, signal, onNews: words => work.onNews(`${slug}: ${words}`) })
  } catch (error) {
    // The samples stumble over the same fault, and tell it.
    if (error instanceof GraderError && error.code === 'EXERCISE_BROKEN') return undefined
    throw error
  }
}

/** Each mutant that every data set lets pass, though there is data that tells it apart. */
export function survivorFindings({ folder, manifest, bundle }: Exercise, { survivors }: MutantCheck): Finding[] {
  const { reference } = manifest as QueryManifest
  return survivors.map(survivor => ({
    file: join(folder, reference),
    ...placeOf(survivor, bundle.files[reference] ?? ''),
    message: `no data set fails a query with ${survivor.words}`,
  }))
}

/** A mutant's line and column in the reference; positions count characters of it without a byte order mark. */
export function placeOf({ position }: CheckedMutant, reference: string): { line: number; column: number } {
  const text = reference.startsWith('\uFEFF') ? reference.slice(1) : reference
  const before = Array.from(text)
    .slice(0, position - 1)
    .join('')
    .split('\n')
  return { line: before.length, column: Array.from(before.at(-1)!).length + 1 }
}
