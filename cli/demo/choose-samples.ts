import type { Exercise } from '../../core/read-exercise.ts'
import type { Sample } from '../../core/read-samples.ts'

export type ChosenSample = { exercise: Exercise; sample: Sample }

const WRONG = 2

/** All of an exercise's samples, or one accepted and two wrong ones, of different outcomes where there are. */
export function chooseSamples(samples: readonly Sample[], all: boolean): Sample[] {
  if (all) return [...samples]
  const accepted = samples.filter(sample => sample.outcome === 'accepted').slice(0, 1)
  const wrong = samples.filter(sample => sample.outcome !== 'accepted')
  // A wrong answer is what a demonstration is about; a second outcome beside it shows more than a second wrong answer.
  const first = wrong.find(sample => sample.outcome === 'wrong_answer') ?? wrong[0]
  const second = wrong.find(sample => sample.outcome !== first?.outcome) ?? wrong.find(sample => sample !== first)
  return [...accepted, ...[first, second].filter(sample => sample !== undefined).slice(0, WRONG)]
}
