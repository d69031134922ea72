import { machineWords, type Machine } from '../measure/machine.ts'
import { median } from '../measure/stats.ts'
import { table } from '../measure/table.ts'
import { digits } from '../measure/words.ts'
import { isGoodEnough, type HeldSample } from './hold-races.ts'

export type Races = { machine: Machine; runs: number; seconds: number; samples: HeldSample[] }

export function textOf({ machine, runs, seconds, samples }: Races): string {
  const rows = samples.map(each => [
    `${each.exercise} ${each.sample}`,
    each.racy ? 'caught' : 'accepted',
    `${each.held} of ${each.runs}`,
    isGoodEnough(each) ? 'met' : 'MISSED',
    `${digits(median(each.gradeMs))} ms`,
    Object.entries(each.failed)
      .toSorted(([, one], [, other]) => other - one)
      .map(([id, times]) => `${id} ${times}`)
      .join(', '),
  ])
  const otherwise = samples.flatMap(each =>
    each.otherwise.map(({ seed, outcome, failed }) => `${each.exercise} ${each.sample}: ${[outcome, ...failed].join(' ')} (seed ${seed})`),
  )
  return [
    machineWords(machine),
    `${runs} runs of each, ${Math.round(seconds)} s in all`,
    '',
    table(['sample', 'must be', 'was', 'goal', 'one grading', 'tests that failed'], rows),
    ...(otherwise.length > 0 ? ['', 'Otherwise than it should be:', ...otherwise.slice(0, 40)] : []),
    '',
  ].join('\n')
}
