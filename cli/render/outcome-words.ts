import type { Outcome } from '../../core/outcome.ts'
import type { Colours } from './layout.ts'

/** An outcome as people say it, and what it means when the report gives no reason of its own. */
export const OUTCOME_WORDS: Record<Outcome, { title: string; meaning: string }> = {
  accepted: { title: 'Accepted', meaning: 'Every test passed.' },
  wrong_answer: { title: 'Wrong answer', meaning: 'It ran, and some tests failed.' },
  runtime_error: { title: 'Runtime error', meaning: 'The program died, or an SQL statement failed, while it was being tested.' },
  time_limit: { title: 'Time limit', meaning: 'It took longer than the exercise allows.' },
  start_error: { title: 'Start error', meaning: 'The program ended, or did not listen on $PORT, within the start limit.' },
  memory_limit: { title: 'Memory limit', meaning: 'It needed more memory than the exercise allows.' },
  output_limit: { title: 'Output limit', meaning: 'It printed or returned more than is taken.' },
  invalid_submission: { title: 'Invalid submission', meaning: 'It was refused before it ran.' },
  grader_error: { title: 'Grader error', meaning: 'Assay itself failed; this is no fault of the submission and costs no attempt.' },
  cancelled: { title: 'Cancelled', meaning: 'It was stopped before there was a verdict.' },
}

export function outcomeColour(outcome: Outcome, colours: Colours): (text: string) => string {
  if (outcome === 'accepted') return colours.green
  if (outcome === 'grader_error') return colours.magenta
  return outcome === 'cancelled' ? colours.yellow : colours.red
}

export function outcomeMark(outcome: Outcome): string {
  if (outcome === 'accepted') return '✓'
  if (outcome === 'grader_error') return '!'
  return outcome === 'cancelled' ? '–' : '✗'
}
