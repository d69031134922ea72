/**
 * The outcomes of a submission, in the order in which they are decided: the first that applies stands.
 * `fault` says whose doing it was; only `grader` costs no attempt and is retried.
 */
export const OUTCOMES = [
  'cancelled',
  'grader_error',
  'invalid_submission',
  'output_limit',
  'memory_limit',
  'start_error',
  'time_limit',
  'runtime_error',
  'wrong_answer',
  'accepted',
] as const

export type Outcome = (typeof OUTCOMES)[number]
export type Fault = 'none' | 'learner' | 'grader'

/** Of everything that was seen to go wrong, the one outcome that a submission gets. */
export function firstOutcome(seen: Iterable<Outcome>): Outcome {
  const all = new Set(seen)
  return OUTCOMES.find(outcome => all.has(outcome)) ?? 'accepted'
}

export function faultOf(outcome: Outcome): Fault {
  if (outcome === 'accepted' || outcome === 'cancelled') return 'none'
  return outcome === 'grader_error' ? 'grader' : 'learner'
}
