import { viewEvent, viewReport } from '../../core/report-view.ts'
import type { Report } from '../../core/report.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import type { SubmissionAttack } from './attack.ts'

export type Seen = {
  attack: Pick<SubmissionAttack, 'outcomes' | 'earns' | 'canaries' | 'never' | 'proof'>
  report: Report
  events: readonly GradingEvent[]
  tests: readonly TestFact[]
  /** What only the worker knows: not even staff may read it in a report, since then a box had it. */
  secrets: readonly string[]
}

/** Every way in which an attack got what it wanted, in words; none when it was held. An attack that wasn't carried out proves nothing. */
export function breaches({ attack, report, events, tests, secrets }: Seen): string[] {
  const learner = { role: 'learner' } as const
  const shown = JSON.stringify([viewReport(report, learner), events.map(event => viewEvent(event, learner, tests))])
  const whole = JSON.stringify([report, events])
  const hiddenNames = tests.filter(test => test.visibility !== 'visible' && test.feedback !== 'full').map(test => test.name)
  const found: string[] = []
  if (report.outcome === 'accepted') found.push('it was accepted')
  if (!attack.outcomes.some(outcome => outcome === report.outcome))
    found.push(`outcome ${report.outcome} (${report.reason?.code ?? 'no reason'}), expected ${attack.outcomes.join(' or ')}`)
  if (report.fault !== 'learner') found.push(`the fault is given to ${report.fault}`)
  if (report.score.earned > attack.earns) found.push(`it earned ${report.score.earned}, at most ${attack.earns} expected`)
  for (const canary of [...attack.canaries, ...hiddenNames]) if (shown.includes(quoted(canary))) found.push(`a learner sees "${canary}"`)
  for (const word of attack.never) if (whole.includes(quoted(word))) found.push(`it was able to: "${around(whole, quoted(word))}"`)
  for (const secret of secrets) if (whole.includes(quoted(secret))) found.push(`a box knew "${secret}"`)
  if (attack.proof !== undefined && !new RegExp(attack.proof).test(`${report.output?.all}\n${whole}`))
    found.push(`it was not carried out: nothing matches /${attack.proof}/`)
  return found
}

/** As it stands inside JSON. */
const quoted = (text: string) => JSON.stringify(text).slice(1, -1)

function around(whole: string, word: string): string {
  const at = whole.indexOf(word)
  return whole.slice(at, at + word.length + 60)
}
