import { expect, test } from 'vitest'
import { goalsOf } from '../../bench/goals.ts'
import { spread } from '../../bench/measure/stats.ts'
import { best, type CaseResult } from '../../bench/results.ts'
import type { Saturation } from '../../bench/saturation.ts'

const at = (milliseconds: number) => spread([milliseconds])
const run = (perMinute: number, secondsEach: number, inFlight = 2): Saturation => ({
  inFlight,
  graded: 10,
  perMinute,
  secondsEach,
  bytesPerSlot: undefined,
})
const result = (given: Partial<CaseResult>): CaseResult => ({
  name: 'endpoint',
  title: '',
  tests: 10,
  latency: {},
  saturation: {},
  phases: {},
  ...given,
})
const shown = (given: Partial<CaseResult>) =>
  goalsOf([result(given)]).map(({ what, goal, figure, met, missedBy }) => [what, goal, figure, met ? 'met' : missedBy].join(' | '))

test("a warm endpoint's latency is held to a share of the floor, and the whole API to the worker", () => {
  expect(shown({ latency: { floor: at(120), worker: at(24), api: at(60) } })).toEqual([
    'latency p50, worker | ≤ 0.30× floor | 0.20× floor | met',
    'latency p50, whole API | ≤ worker + 25 ms | worker + 36 ms | 11.0 ms',
  ])
})

test.each([
  ['endpoint-cold', 'latency p50, worker | ≤ 1.20× floor | 1.25× floor | 0.05×'],
  ['query', 'latency p50, worker | ≤ floor + 40 ms | floor + 30 ms | met'],
] as const)('the latency of %s has a goal of its own', (name, line) => {
  expect(shown({ name, latency: { floor: at(120), worker: at(150) } })).toEqual([line])
})

test('throughput and processor time are those of the best number in flight', () => {
  const saturation = { floor: [run(700, 0.15)], naive: [run(99, 1), run(80, 1.2, 4)], worker: [run(300, 0.4), run(340, 0.32, 4)] }
  expect(best(saturation.worker)?.inFlight).toBe(4)
  expect(shown({ saturation })).toEqual([
    'submissions a minute | ≥ 4.0× naive | 3.4× naive | 0.57×',
    'processor time each | ≤ 2.0× floor | 2.1× floor | 0.13×',
  ])
})

test('SQL is held to four times the naive grader, and to the aim of eight', () => {
  const saturation = { naive: [run(113, 0.9)], worker: [run(565, 0.2)] }
  expect(shown({ name: 'query', saturation })).toEqual([
    'submissions a minute | ≥ 4.0× naive | 5.0× naive | met',
    'submissions a minute, the aim | ≥ 8.0× naive | 5.0× naive | 3.0×',
  ])
})

test('what was not measured has no goal', () => {
  expect(shown({ latency: { worker: at(10) }, saturation: { worker: [run(300, 0.4)] } })).toEqual([])
})
