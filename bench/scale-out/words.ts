import { median, spread } from '../measure/stats.ts'
import { table } from '../measure/table.ts'
import { digits, milliseconds, times } from '../measure/words.ts'
import { added, count, unexpected, type Count } from './ended.ts'
import type { Loss } from './losses.ts'
import type { Round } from './throughput.ts'

export const GOAL = 1.6

export type Figures = { ratio: number; ratios: number[]; one: Round[]; two: Round[]; count: Count; verdicts: number; unexpected: string[] }

/** Each round's two beside its one, and the median of that: what the machine did otherwise met both. */
export function figuresOf({ one, two }: { one: Round[]; two: Round[] }): Figures {
  const ratios = one.map((round, at) => two[at]!.perMinute / round.perMinute)
  const all = [...one, ...two]
  const verdicts = all.reduce((sum, round) => sum + round.verdicts, 0)
  return {
    ratio: median(ratios),
    ratios,
    one,
    two,
    count: all.map(({ ended }) => count(ended)).reduce(added),
    verdicts,
    unexpected: all.flatMap(({ ended }) => unexpected(ended)),
  }
}

/** Without every single submission. */
export function inShort({ one, two, ...rest }: Figures): object {
  const short = (rounds: readonly Round[]) =>
    rounds.map(({ perMinute, seconds, graded, verdicts }) => ({ perMinute, seconds, graded, verdicts }))
  return { ...rest, one: short(one), two: short(two) }
}

export function throughputWords({ ratio, ratios, one, two, count, verdicts }: Figures): string {
  const rates = (rounds: readonly Round[]) => rounds.map(({ perMinute }) => perMinute)
  const part = (rounds: readonly Round[], name: keyof Round['seconds']) =>
    milliseconds(median(rounds.map(({ seconds }) => seconds[name])) * 1000)
  const { min, max } = spread(ratios)
  return [
    `Two workers grade ${times(ratio)} what one does (goal ${times(GOAL)}: ${ratio >= GOAL ? 'reached' : 'missed'}); rounds ${digits(min)}–${digits(max)}, N = ${ratios.length}`,
    '',
    table(
      ['', 'one worker', 'two workers', 'two ÷ one'],
      [
        ['submissions a minute, median', digits(median(rates(one))), digits(median(rates(two))), times(ratio)],
        ['  lowest–highest', range(rates(one)), range(rates(two)), ''],
        ['processor time a submission', '', '', ''],
        ['  workers, engines, boxes', part(one, 'workers'), part(two, 'workers'), ''],
        ['  server', part(one, 'server'), part(two, 'server'), ''],
        ['  Redis', part(one, 'redis'), part(two, 'redis'), ''],
        ['  this bench', part(one, 'bench'), part(two, 'bench'), ''],
        ['graded by each, median', shares(one), shares(two), ''],
      ],
    ),
    '',
    countWords(count, verdicts),
  ].join('\n')
}

export function lossWords(losses: readonly Loss[]): string {
  const header = ['killed in the middle', 'it held', 'finished', 'as expected', 'graded once', 'verdicts', 'last verdict after']
  const rows = losses.map(loss => [
    loss.killed === 'worker' ? 'one worker (SIGKILL)' : "one worker's engine (SIGKILL)",
    String(loss.held),
    `${loss.finished} of ${loss.handedIn}`,
    String(loss.asExpected),
    String(loss.gradedOnce),
    String(loss.verdicts),
    `${digits(loss.lastVerdictAfter)} s`,
  ])
  const later = losses.map(
    ({ killed, boxesLeft, boxesAfterNext, gradedByNext }) =>
      `After the ${killed} was killed ${boxesLeft} of its boxes were left; ${boxesAfterNext} once the next worker had come on that engine, which then graded ${gradedByNext}.`,
  )
  return [table(header, rows), '', ...later].join('\n')
}

/** What went wrong, in words; empty when nothing was lost and nothing graded twice. */
export function faultsOf(counts: readonly (Count & { verdicts: number; unexpected: string[] })[], losses: readonly Loss[]): string[] {
  const all = counts.map(({ handedIn, finished, asExpected, gradedOnce }) => ({ handedIn, finished, asExpected, gradedOnce })).reduce(added)
  const verdicts = counts.reduce((sum, each) => sum + each.verdicts, 0)
  const wrong = counts.flatMap(each => each.unexpected)
  for (const name of ['finished', 'gradedOnce'] as const)
    if (all[name] !== all.handedIn) wrong.push(`${name}: ${all[name]} of ${all.handedIn} submissions`)
  if (verdicts !== all.handedIn) wrong.push(`verdicts: ${verdicts} for ${all.handedIn} submissions`)
  for (const { killed, boxesAfterNext, gradedByNext } of losses) {
    if (boxesAfterNext > 0)
      wrong.push(`${boxesAfterNext} boxes stayed on the engine after its ${killed} was killed and the next worker came`)
    if (gradedByNext === 0) wrong.push(`the next worker on the engine whose ${killed} was killed graded nothing`)
  }
  return wrong
}

function countWords({ handedIn, finished, asExpected, gradedOnce }: Count, verdicts: number): string {
  return `${handedIn} submissions: ${finished} finished, ${asExpected} with the outcome of their label, ${gradedOnce} graded once; ${verdicts} verdicts recorded`
}

const range = (values: readonly number[]) => `${digits(Math.min(...values))}–${digits(Math.max(...values))}`

function shares(rounds: readonly Round[]): string {
  return rounds[0]!.graded.map((_, worker) => digits(median(rounds.map(({ graded }) => graded[worker]!)))).join(' + ')
}
