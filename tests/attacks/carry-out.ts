import type { Report } from '../../core/report.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import type { Attack, SubmissionAttack } from './attack.ts'
import { breaches } from './breaches.ts'
import type { Range } from './range.ts'

/** In the environment of the process that grades; no box may ever have it. */
export const WORKER_SECRET = 'SECRET-of-the-worker'

/**
 * What came of an attack: its outcomes, in how long, and in what it got its way. `examinerPeakBytes`: the most memory that the
 * examiner held, where it lived to say so; `note`: what it measured;
 * `benignMs`: how long the benign submission right after it took.
 */
export type Result = {
  attack: Attack
  outcomes: string[]
  ms: number
  breaches: string[]
  examinerPeakBytes?: number
  note?: string
  benignMs?: number
}

/** Hands an attack in, as often as it wants to be, and looks at every report. */
export async function carryOut(attack: SubmissionAttack, range: Range): Promise<Result> {
  const began = performance.now()
  const outcomes: string[] = []
  const found: string[] = []
  let examinerPeakBytes = 0
  for (let time = 0; time < attack.times; time++) {
    const graded = await Promise.all(Array.from({ length: attack.together }, () => gradeOnce(attack, range)))
    for (const { report, breaches } of graded) {
      outcomes.push(report.outcome)
      found.push(...breaches)
      examinerPeakBytes = Math.max(examinerPeakBytes, report.examinerPeakBytes ?? 0)
    }
  }
  return {
    attack,
    outcomes: [...new Set(outcomes)],
    ms: performance.now() - began,
    breaches: [...new Set(found)],
    ...(examinerPeakBytes > 0 && { examinerPeakBytes }),
  }
}

async function gradeOnce(attack: SubmissionAttack, range: Range): Promise<{ report: Report; breaches: string[] }> {
  const events: GradingEvent[] = []
  const report = await range.grade({ ...attack, onEvent: event => events.push(event) })
  const { tests, canaries } = await range.prepared(attack.exercise)
  const held = { ...attack, ...(range.runtime === 'runsc' && attack.onRunsc), canaries: [...attack.canaries, ...canaries] }
  return { report, breaches: breaches({ attack: held, report, events, tests, secrets: [WORKER_SECRET] }) }
}
