import { viewEvent, viewReport } from '../../core/report-view.ts'
import type { Report } from '../../core/report.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import type { Attack } from './attack.ts'

export type Seen = {
  attack: Pick<Attack, 'outcomes' | 'earns' | 'canaries'>
  report: Report
  events: readonly GradingEvent[]
  tests: readonly TestFact[]
  /** What only the worker knows: not even staff may read it in a report, since then a box had it. */
  secrets: readonly string[]
}

/** Every way in which an attack got what it wanted, in words; none when it was held. */
export function breaches({ attack, report, events, tests, secrets }: Seen): string[] {
  const learner = { role: 'learner' } as const
  const shown = JSON.stringify([viewReport(report, learner), events.map(event => viewEvent(event, learner, tests))])
  const whole = JSON.stringify([report, events])
  const hiddenNames = tests.filter(test => test.visibility !== 'visible' && test.feedback !== 'full').map(test => test.name)
  const found: string[] = []
  if (report.outcome === 'accepted') found.push('it was accepted')
  if (!attack.outcomes.includes(report.outcome)) found.push(`outcome ${report.outcome}, expected ${attack.outcomes.join(' or ')}`)
  if (report.fault !== 'learner') found.push(`the fault is given to ${report.fault}`)
  if (report.score.earned > attack.earns) found.push(`it earned ${report.score.earned}, at most ${attack.earns} expected`)
  for (const canary of [...attack.canaries, ...hiddenNames]) if (shown.includes(quoted(canary))) found.push(`a learner sees "${canary}"`)
  for (const secret of secrets) if (whole.includes(quoted(secret))) found.push(`a box knew "${secret}"`)
  return found
}

/** As it stands inside JSON. */
const quoted = (text: string) => JSON.stringify(text).slice(1, -1)
