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
  const texts = { accepted: acceptedSamples(samples).map(textOf), wrong: wrongSamples(samples).map(textOf) }
  try {
    const { sandbox, signal, seed = SEED } = work
    const check = await tryMutants({ sandbox, bundle, seed, samples: texts, signal, onNews: words => work.onNews(`${slug}: ${words}`) })
    return { check, findings: check ? survivorFindings({ folder, bundle }, acceptedSamples(samples), check) : [] }
  } catch (error) {
    if (!(error instanceof GraderError) || error.code !== 'EXERCISE_BROKEN') throw error
    return { findings: [{ file: folder, message: `its mutants could not be tried: ${error.message}` }] }
  }
}

/** Those whose mutants a check names by the number that they have here. */
export function acceptedSamples(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ outcome }) => outcome === 'accepted')
}

/** A query is one file. */
export function textOf({ files }: Sample): string {
  return Object.values(files)[0] ?? ''
}

/** Those whose failing tests a check names by the number that they have here. */
export function wrongSamples(samples: readonly Sample[]): Sample[] {
  return samples.filter(({ outcome }) => outcome === 'wrong_answer').slice(0, 100)
}

/** Each mutant that every data set lets pass, though there is data that tells it apart. */
function survivorFindings(
  { folder, bundle }: Pick<Exercise, 'folder' | 'bundle'>,
  accepted: readonly Sample[],
  { survivors }: MutantCheck,
): Finding[] {
  const { reference } = bundle.manifest as QueryManifest
  return survivors.map(survivor => {
    const sample = survivor.sample === undefined ? undefined : accepted[survivor.sample]
    const [file, text] = sample
      ? [join(sample.folder, Object.keys(sample.files)[0]!), textOf(sample)]
      : [join(folder, reference), bundle.files[reference] ?? '']
    return { file, ...placeOf(survivor, text), message: `no data set fails a query with ${survivor.words}` }
  })
}
