import type { Outcome } from '../../core/outcome.ts'
import type { Score } from '../../core/score.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import { cleanLine } from './clean.ts'
import { OUTCOME_WORDS } from './outcome-words.ts'
import { points } from './quantities.ts'

/** What a submission's follower is told, by the server's events or by a local grading. */
export type LiveEvent = GradingEvent | { type: 'queued'; reason?: string } | { type: 'finished'; outcome: Outcome; score?: Score | null }

const PHASES = { preparing: 'preparing the boxes', starting: 'starting the program', testing: 'running the tests' } as const

/** One event in a few words, for a line of news. */
export function eventWords(event: LiveEvent): string {
  if (event.type === 'progress') return PHASES[event.phase]
  if (event.type === 'test') {
    const count = `test ${event.done} of ${event.total}`
    return event.id === undefined ? count : `${count}: ${event.passed ? '✓' : '✗'} ${cleanLine(event.id)}`
  }
  if (event.type === 'finished') {
    const score = event.score ? `, ${points(event.score.earned)} of ${points(event.score.possible)} points` : ''
    return `${OUTCOME_WORDS[event.outcome].title}${score}`
  }
  if (event.type === 'queued' && event.reason && event.reason !== 'first') return `queued again (${cleanLine(event.reason)})`
  return event.type
}
