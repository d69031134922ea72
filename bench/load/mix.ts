import type { Bundle } from '../../core/bundle.ts'
import { readLibrary } from '../../core/read-library.ts'
import { readSamples, type Sample } from '../../core/read-samples.ts'
import { runtimesOf, type SubmissionRuntime } from '../../core/runtimes.ts'
import type { FileMap } from '../../core/submission.ts'

export type HandIn = {
  exercise: string
  /** "endpoint with database" is one of its own: it costs another box. */
  kind: string
  runtime: SubmissionRuntime
  files: FileMap
  expected: string
}

/** What a class hands in: half of it right, most of the rest wrong answers, a few that break or never end. */
const SHARES = { accepted: 0.5, wrong_answer: 0.42 }

export type Mix = { library: string; bundles: Bundle[]; accepted: HandIn[]; choose: (draw: number) => HandIn }

/** The samples of a folder of exercises, all exercises alike often; what is refused at the door leaves no submission and is left out. */
export async function readMix(library: string): Promise<Mix> {
  const { exercises, faults } = await readLibrary(library)
  if (faults.length > 0)
    throw new Error(`${library}: ${faults.map(fault => fault.folder).join(', ')} can't be read; npm run check says why`)
  const byExercise = await Promise.all(
    exercises.map(async ({ slug, folder, manifest }) => {
      const handIn = (sample: Sample): HandIn => ({
        exercise: slug,
        kind: manifest.kind === 'endpoint' && manifest.services.postgres ? 'endpoint with database' : manifest.kind,
        runtime: sample.expects.runtime ?? runtimesOf(manifest)[0]!,
        files: sample.files,
        expected: sample.outcome,
      })
      const all = (await readSamples(folder)).filter(sample => sample.outcome !== 'invalid_submission').map(handIn)
      return {
        accepted: all.filter(each => each.expected === 'accepted'),
        wrong: all.filter(each => each.expected === 'wrong_answer'),
        broken: all.filter(each => each.expected !== 'accepted' && each.expected !== 'wrong_answer'),
      }
    }),
  )
  return { library, bundles: exercises.map(each => each.bundle), accepted: byExercise.flatMap(each => each.accepted), choose }

  /** One draw decides it all, so that the same draw hands in the same. */
  function choose(draw: number): HandIn {
    const [samples, within] = part(byExercise, draw)
    if (within < SHARES.accepted) return part(samples.accepted, within / SHARES.accepted)[0]
    const rest = within - SHARES.accepted
    if (rest < SHARES.wrong_answer) return part(samples.wrong, rest / SHARES.wrong_answer)[0]
    return part(samples.broken, (rest - SHARES.wrong_answer) / (1 - SHARES.accepted - SHARES.wrong_answer))[0]
  }
}

/** The item that a number from 0 up to 1 falls on, and where in it the number lies. */
function part<Item>(items: readonly Item[], draw: number): [Item, number] {
  const at = Math.min(items.length - 1, Math.floor(draw * items.length))
  return [items[at]!, draw * items.length - at]
}
