import type { Report } from '../../core/report.ts'
import type { SubmissionAttack } from './attack.ts'
import { carryOut, type Result } from './carry-out.ts'
import type { Range } from './range.ts'

/** As many at a time; more would only wait for the processors. */
const TOGETHER = 4

/** Groups of up to four that are graded at the same time. Neighbours in the corpus do alike, so that they are kept apart. */
export function batches(attacks: readonly SubmissionAttack[]): SubmissionAttack[][] {
  const sociable = attacks.filter(({ alone }) => !alone)
  const count = Math.ceil(sociable.length / TOGETHER)
  const groups = Array.from({ length: count }, (_, group) => sociable.filter((_, index) => index % count === group))
  return [...groups, ...attacks.filter(({ alone }) => alone).map(attack => [attack])]
}

/**
 * Carries a batch out beside a benign submission, has another one graded right after, and looks for what is left.
 * When anything is amiss each attack is carried out again by itself: then it is known whose doing it was.
 */
export async function carryOutBatch(batch: readonly SubmissionAttack[], range: Range): Promise<Result[]> {
  const pid = process.pid
  const [results, beside] = await Promise.all([Promise.all(batch.map(attack => carryOut(attack, range))), range.gradeBenign()])
  const after = await range.gradeBenign()
  const shared = [
    ...benignBreaches('graded beside it', beside, batch),
    ...benignBreaches('right after it', after, batch),
    ...(await range.residue()).map(what => `left behind: ${what}`),
    ...(process.pid === pid ? [] : ['the process that grades is another one']),
  ]
  if (batch.length > 1 && (shared.length > 0 || results.some(result => result.breaches.length > 0))) {
    const alone: Result[] = []
    for (const attack of batch) alone.push(...(await carryOutBatch([attack], range)))
    return alone
  }
  return results.map(result => ({ ...result, benignMs: after.timings['total'] ?? 0, breaches: [...result.breaches, ...shared] }))
}

function benignBreaches(when: string, report: Report, batch: readonly SubmissionAttack[]): string[] {
  const whole = JSON.stringify(report)
  const leaked = batch.flatMap(({ canaries }) => canaries).filter(canary => canary.startsWith('CANARY') && whole.includes(canary))
  return [
    ...(report.outcome === 'accepted' ? [] : [`a benign submission ${when} got ${report.outcome} (${report.reason?.message ?? ''})`]),
    ...leaked.map(canary => `a benign submission ${when} got to see "${canary}"`),
  ]
}
