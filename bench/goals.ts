import type { CaseName } from './cases.ts'
import { best, type CaseResult } from './results.ts'
import { digits, milliseconds, times } from './measure/words.ts'

/** One goal and what was measured. `missedBy` is in the figure's own unit. */
export type Goal = { case: CaseName; what: string; goal: string; figure: string; met: boolean; missedBy?: string }

type Bound = { value: number; most?: number; least?: number; words: (value: number) => string }

const WARM: readonly CaseName[] = ['endpoint', 'endpoint-db', 'endpoint-files']
const SQL: readonly CaseName[] = ['query', 'migration']

/** The goals that these figures say something about, in the order of the cases. */
export function goalsOf(cases: readonly CaseResult[]): Goal[] {
  return cases.flatMap(each => [...latencyGoals(each), ...throughputGoals(each)])
}

function latencyGoals({ name, latency }: CaseResult): Goal[] {
  const { floor, worker, api } = latency
  const goals: Goal[] = []
  if (floor && worker) {
    const ratio = worker.p50 / floor.p50
    const added = worker.p50 - floor.p50
    if (WARM.includes(name)) goals.push(goal(name, 'latency p50, worker', { value: ratio, most: 0.3, words: ofFloor }))
    else if (name === 'endpoint-cold') goals.push(goal(name, 'latency p50, worker', { value: ratio, most: 1.2, words: ofFloor }))
    else if (name === 'query') goals.push(goal(name, 'latency p50, worker', { value: added, most: 40, words: aboveFloor }))
  }
  if (worker && api) goals.push(goal(name, 'latency p50, whole API', { value: api.p50 - worker.p50, most: 25, words: aboveWorker }))
  return goals
}

function throughputGoals({ name, saturation }: CaseResult): Goal[] {
  const [floor, naive, worker] = [best(saturation.floor), best(saturation.naive), best(saturation.worker)]
  const goals: Goal[] = []
  if (naive && worker) {
    const value = worker.perMinute / naive.perMinute
    goals.push(goal(name, 'submissions a minute', { value, least: 4, words: ofNaive }))
    if (SQL.includes(name)) goals.push(goal(name, 'submissions a minute, the aim', { value, least: 8, words: ofNaive }))
  }
  if (floor && worker && WARM.includes(name))
    goals.push(goal(name, 'processor time each', { value: worker.secondsEach / floor.secondsEach, most: 2, words: ofFloor }))
  return goals
}

const ofFloor = (value: number) => `${times(value)} floor`
const ofNaive = (value: number) => `${times(value)} naive`
const aboveFloor = (value: number) => `floor ${signed(value)}`
const aboveWorker = (value: number) => `worker ${signed(value)}`
const signed = (value: number) => `${value < 0 ? '−' : '+'} ${milliseconds(Math.abs(value))}`

function goal(name: CaseName, what: string, { value, most, least, words }: Bound): Goal {
  const bound = most ?? least!
  const met = most === undefined ? value >= bound : value <= bound
  const figure = words(value)
  const unit = figure.includes('ms') ? ' ms' : '×'
  return {
    case: name,
    what,
    goal: `${most === undefined ? '≥' : '≤'} ${words(bound)}`,
    figure,
    met,
    ...(!met && { missedBy: `${digits(Math.abs(value - bound))}${unit}` }),
  }
}
