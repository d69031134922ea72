import { grouped } from '../../../../core/grouped.ts'
import type { Demand } from '../../../../core/plan.ts'

/** Which demands were broken, in words; undefined where none was. */
export function budgetSentence(demands: readonly Demand[]): string | undefined {
  const broken = demands.filter(({ verdict }) => verdict === 'broken')
  if (broken.length === 0) return undefined
  return `The rows are right, but the way to them costs too much: ${broken.map(said).join('; ')}.`
}

function said({ demand, of, most = 0, took = 0, reference = 0 }: Demand): string {
  if (demand === 'noSeqScan') return `${of} is read from end to end, which this exercise does not allow`
  if (demand === 'usesIndex') return `the index ${of} is not used`
  const [does, what] = demand === 'buffers' ? ['touches', 'pages'] : ['visits', 'rows']
  return `it ${does} ${grouped(took)} ${what}, at most ${grouped(most)} are allowed (the reference: ${grouped(reference)})`
}
