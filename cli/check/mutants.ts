import { join } from 'node:path'
import { GraderError, type Finding } from '../../core/errors.ts'
import type { QueryManifest } from '../../core/exercise.ts'
import type { MutantCheck } from '../../core/mutant-check.ts'
import type { Exercise } from '../../core/read-exercise.ts'
import type { Sample } from '../../core/read-samples.ts'
import { tryMutants } from '../../worker/grading/try-mutants.ts'
import { placeOf } from '../render/mutants.ts'
import type { CheckWork } from './check-exercise.ts'

/** Where no seed is asked for, one check tries the same generated data as another. */
const SEED = 1

/** What mutants of a query's reference show of its data sets; undefined for an exercise that has none. */
export async function checkMutants(
  { slug, bundle }: Exercise,
  samples: readonly Sample[],
  work: CheckWork,
): Promise<MutantCheck | undefined> {
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
