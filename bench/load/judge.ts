import { median, quantile, spread, type Spread } from '../measure/stats.ts'
import type { RequestKind } from './client.ts'
import type { Told } from './fire.ts'
import type { Ended } from './gather.ts'
import { growthOf, type Growth, type MemoryLine } from './memory.ts'
import { relativeError, waitRatios } from './waits.ts'

/** Everything that is known of one rush when it is over. */
export type Rush = {
  ended: Ended[]
  refused: Record<string, number>
  told: Told[]
  latencies: Record<RequestKind, number[]>
  memory: Record<'server' | 'worker' | 'redis', MemoryLine>
  regrades: { startedAt: number | undefined }[]
  slots: number
  cut: boolean
}

/** A promise, what came of it, and whether it was kept. */
export type Line = {
  rush: 'plain' | 'flood' | 'both'
  what: string
  came: number
  unit: 'count' | 'ratio' | 'part' | 'ms'
  most: number
  met: boolean
}

/** A wait that nobody feels: of two such the ratio says nothing. */
const UNFELT_MS = 1000
/** A wait is told in whole seconds: of shorter ones the relative error is that of the rounding. */
const TOLD_FROM_MS = 5000
/** A place is used anew once the boxes of the grading before it are removed: 0.2 s for each 1.2 s of grading where processors are few. */
const EMPTY = 0.25
/** A grading may be on its way from the line to a worker when somebody hands in. */
const ON_ITS_WAY_MS = 1000

export function judge(plain: Rush, flood: Rush): Line[] {
  const each = (rush: 'plain' | 'flood', facts: Rush): Line[] => [
    atMost(rush, facts.cut ? 'not over when the time was' : 'lost', facts.ended.filter(one => one.state !== 'finished').length, 0, 'count'),
    atMost(rush, 'refused at the door', sum(Object.values(facts.refused)), 0, 'count'),
    atMost(rush, 'graded twice', facts.ended.filter(one => verdicts(one) > 1).length, 0, 'count'),
    atMost(
      rush,
      'judged otherwise than labelled',
      facts.ended.filter(one => one.outcome !== null && one.outcome !== one.expected).length,
      0,
      'count',
    ),
    atMost(rush, 'regrades begun while a learner waited', delaying(facts), 0, 'count'),
    atMost(rush, 'error of the position told, median', median(errors(facts).position), 0.2, 'part'),
    atMost(rush, 'error of the wait told, median', median(errors(facts).wait), 0.2, 'part'),
    atMost(rush, 'places empty while a learner waited', emptyWhileWaiting(facts), EMPTY, 'part'),
    ...Object.entries(facts.latencies).flatMap(([kind, ms]) =>
      // Who sends hundreds at once waits for the answers to their own; what that does to others is in the others' figures.
      ms.length === 0 ? [] : [atMost(rush, `API: ${kind}, p95`, quantile(ms, 0.95), kind === 'hand in, flooding' ? Infinity : 200, 'ms')],
    ),
    ...Object.entries(facts.memory).map(([name, line]) =>
      atMost(
        rush,
        `memory of ${name}: kept in the last third more than in the first after the warm-up`,
        growthOf(line).grownBy,
        0.1,
        'part',
      ),
    ),
  ]
  const { p50, p95, max } = spread(fairness(plain, flood).map(one => one.ratio))
  return [
    ...each('plain', plain),
    ...each('flood', flood),
    atMost('both', "other owners' wait with the flood, of theirs without: median owner", p50, 1.5, 'ratio'),
    atMost('both', "other owners' wait with the flood, of theirs without: p95 of owners", p95, 1.5, 'ratio'),
    atMost('both', "other owners' wait with the flood, of theirs without: the worst", max, Infinity, 'ratio'),
  ]
}

/** Every other owner's 95th percentile of waits with the flood, as a multiple of the same owner's without it. */
export function fairness(plain: Rush, flood: Rush): { owner: string; group: string; ratio: number }[] {
  const flooders = new Set(flood.ended.filter(one => one.flood).map(one => one.owner))
  const groups = new Map(plain.ended.map(one => [one.owner, one.group]))
  return waitRatios(waits(plain.ended), waits(flood.ended), UNFELT_MS)
    .filter(one => !flooders.has(one.owner))
    .map(one => ({ ...one, group: groups.get(one.owner)! }))
}

/** The same of whoever flooded, of what they would have handed in anyway and all of it. */
export function floodersOwn(plain: Rush, flood: Rush): number {
  const flooders = new Set(flood.ended.filter(one => one.flood).map(one => one.owner))
  const ratios = waitRatios(waits(plain.ended), waits(flood.ended), UNFELT_MS)
  return median(ratios.filter(one => flooders.has(one.owner)).map(one => one.ratio))
}

export function waits(ended: readonly Ended[]): { owner: string; waitMs: number }[] {
  return ended.flatMap(({ owner, createdAt, startedAt }) =>
    startedAt === undefined ? [] : [{ owner, waitMs: Math.max(0, startedAt - createdAt) }],
  )
}

/** What was told against what came, as parts of what came. */
export function errors({ told, ended, regrades }: Rush): { position: number[]; wait: number[] } {
  const begun = new Map(ended.map(one => [one.id, one.startedAt]))
  const starts = [...ended, ...regrades].flatMap(one => one.startedAt ?? []).toSorted((one, other) => one - other)
  const before = (at: number) => starts.filter(start => start <= at).length
  const position: number[] = []
  const wait: number[] = []
  for (const { id, at, position: said, waitSeconds } of told) {
    const startedAt = begun.get(id)
    if (startedAt === undefined || startedAt <= at) continue
    position.push(relativeError(said, Math.max(1, before(startedAt) - before(at))))
    if (waitSeconds !== null && startedAt - at >= TOLD_FROM_MS) wait.push(relativeError(waitSeconds * 1000, startedAt - at))
  }
  return { position, wait }
}

export function memoryOf(rush: Rush): Record<string, Growth> {
  return Object.fromEntries(Object.entries(rush.memory).map(([name, line]) => [name, growthOf(line)]))
}

export function latenciesOf(rush: Rush): Record<string, Spread> {
  return Object.fromEntries(Object.entries(rush.latencies).map(([kind, ms]) => [kind, spread(ms)]))
}

function verdicts({ gradings }: Ended): number {
  return gradings.filter(grading => grading.counted && grading.outcome !== null && grading.outcome !== 'grader_error').length
}

/** Regrades that were begun although somebody of the rush had waited for a while and went on waiting. */
function delaying({ regrades, ended }: Rush): number {
  return regrades.filter(
    ({ startedAt: at }) => at !== undefined && ended.some(one => one.createdAt < at - ON_ITS_WAY_MS && (one.startedAt ?? Infinity) > at),
  ).length
}

/** Of the time in which somebody waited, the part of the places that nobody used. */
function emptyWhileWaiting({ ended, slots }: Rush): number {
  const steps = ended.flatMap(({ createdAt, startedAt = Infinity, gradings }) => [
    { at: createdAt, waiting: 1, running: 0 },
    { at: startedAt, waiting: -1, running: 0 },
    ...gradings.flatMap(({ startedAt: from, finishedAt: to }) =>
      from === undefined || to === undefined
        ? []
        : [
            { at: from, waiting: 0, running: 1 },
            { at: to, waiting: 0, running: -1 },
          ],
    ),
  ])
  let [waiting, running, last, whole, empty] = [0, 0, 0, 0, 0]
  for (const step of steps.filter(each => each.at !== Infinity).toSorted((one, other) => one.at - other.at)) {
    if (waiting > 0) {
      whole += step.at - last
      empty += ((step.at - last) * Math.max(0, slots - running)) / slots
    }
    waiting += step.waiting
    running += step.running
    last = step.at
  }
  return whole === 0 ? 0 : empty / whole
}

function atMost(rush: Line['rush'], what: string, came: number, most: number, unit: Line['unit']): Line {
  return { rush, what, came, unit, most, met: came <= most }
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0)
}
