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

export type TriedMutants = {
  /** Absent where the exercise is none that has mutants. */
  check?: MutantCheck | undefined
  findings: Finding[]
}

/** What mutants of a query's reference show of its data sets, or why they could not be tried. */
export async function checkMutants({ slug, folder, bundle }: Exercise, samples: readonly Sample[], work: CheckWork): Promise<TriedMutants> {
  const textsOf = (some: readonly Sample[]) => some.map(({ files }) => Object.values(files)[0] ?? '')
  const texts = { accepted: textsOf(samples.filter(({ outcome }) => outcome === 'accepted')), wrong: textsOf(wrongSamples(samples)) }
  try {
    const { sandbox, signal, seed = SEED } = work
    const check = await tryMutants({ sandbox, bundle, seed, samples: texts, signal, onNews: words => work.onNews(`${slug}: ${words}`) })
    return { check, findings: check ? survivorFindings({ folder, bundle }, check) : [] }
  } catch (error) {
    if (!(error instanceof GraderError) || error.code !== 'EXERCISE_BROKEN') throw error
    return { findings: [{ file: folder, message: `its mutants could not be tried: ${error.message}` }] }
  }
}

/** Those whose failing tests a check names by the number that they have here. */
export function wrongSamples(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ outcome }) => outcome === 'wrong_answer').slice(0, 100)
}

/** Each mutant that every data set lets pass, though there is data that tells it apart. */
function survivorFindings({ folder, bundle }: Pick<Exercise, 'folder' | 'bundle'>, { survivors }: MutantCheck): Finding[] {
  const { reference } = bundle.manifest as QueryManifest
  return survivors.map(survivor => ({
    file: join(folder, reference),
    ...placeOf(survivor, bundle.files[reference] ?? ''),
    message: `no data set fails a query with ${survivor.words}`,
  }))
}
