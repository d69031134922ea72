import { expect, test } from 'vitest'
import type { Ended } from '../../bench/scale-out/ended.ts'
import type { Loss } from '../../bench/scale-out/losses.ts'
import type { Round } from '../../bench/scale-out/throughput.ts'
import { faultsOf, figuresOf, lossWords, throughputWords } from '../../bench/scale-out/words.ts'

const grading = { id: 'grd_1', state: 'finished', outcome: 'accepted', counted: true, message: null, workerId: 'w' }
const accepted: Ended = {
  id: 'sub_1',
  exercise: 'greeter',
  expected: 'accepted',
  outcome: 'accepted',
  state: 'finished',
  createdAt: 0,
  finishedAt: 1000,
  gradings: [grading],
}
const seconds = { workers: 0.4, server: 0.02, redis: 0.001, bench: 0.003 }
const round = (perMinute: number, ended: Ended[] = [accepted]): Round => ({
  workers: 1,
  ended,
  perMinute,
  seconds,
  graded: [1],
  verdicts: ended.length,
})
const loss: Loss = {
  killed: 'worker',
  held: 2,
  handedIn: 8,
  finished: 8,
  asExpected: 8,
  gradedOnce: 8,
  lastVerdictAfter: 18,
  boxesLeft: 4,
  boxesAfterNext: 0,
  gradedByNext: 3,
  unexpected: [],
  verdicts: 8,
}
const faults = (ended: Ended[], verdicts = ended.length) => {
  const figures = { ...figuresOf({ one: [round(1, ended)], two: [round(1, [])] }), verdicts }
  return faultsOf([{ ...figures.count, verdicts: figures.verdicts, unexpected: figures.unexpected }], [])
}

test('the ratio is the median of rounds beside each other, so that a slow stretch of the machine meets both', () => {
  // The machine slowed down tenfold in between; the medians of each alone would say 1.6.
  const figures = figuresOf({ one: [round(100), round(50), round(10)], two: [round(180), round(80), round(18)] })
  expect(figures.ratio).toBeCloseTo(1.8)
  expect(throughputWords(figures)).toMatch(/^Two workers grade 1\.8\d?× what one does \(goal 1\.60×: reached\)/)
  expect(throughputWords(figuresOf({ one: [round(100)], two: [round(150)] }))).toContain('goal 1.60×: missed')
})

test('where every submission is graded once and as its label says, nothing is wrong', () => {
  expect(faults([accepted, accepted])).toEqual([])
  expect(faultsOf([loss], [loss])).toEqual([])
})

test.each<[string, Ended, number, RegExp]>([
  ['not finished', { ...accepted, state: 'running', outcome: 'accepted', gradings: [] }, 1, /finished: 0 of 1/],
  ['with two gradings that count', { ...accepted, gradings: [grading, grading] }, 1, /gradedOnce: 0 of 1/],
  ['with another outcome', { ...accepted, outcome: 'time_limit' }, 1, /greeter \(sub_1\): expected accepted, got time_limit/],
  ['with more verdicts recorded than submissions', accepted, 2, /verdicts: 2 for 1 submissions/],
])('a submission %s is named', (_, ended, verdicts, words) => expect(faults([ended], verdicts).join('\n')).toMatch(words))

test('an engine’s end that gave a grading back uncounted is not a second verdict', () => {
  expect(faults([{ ...accepted, gradings: [{ ...grading, outcome: 'grader_error', counted: false }, grading] }])).toEqual([])
})

test.each<[string, Partial<Loss>, RegExp]>([
  ['boxes that stayed', { boxesAfterNext: 2 }, /2 boxes stayed/],
  ['a next worker that graded nothing', { gradedByNext: 0 }, /graded nothing/],
])('%s are named', (_, changed, words) => {
  const after = { ...loss, ...changed }
  expect(faultsOf([after], [after]).join('\n')).toMatch(words)
  expect(lossWords([after])).toContain('8 of 8')
})
