import picocolors from 'picocolors'
import { expect, test } from 'vitest'
import { checkPaces, pacesOf, type Paces } from '../../cli/check/paces.ts'
import { paceLines } from '../../cli/render/pace.ts'
import { testLines } from '../../cli/render/test-lines.ts'
import { manifestSchema } from '../../core/exercise.ts'
import type { Pace } from '../../core/pace.ts'
import { sampleTest } from './sample-reports.ts'

const style = { width: 80, colours: picocolors.createColors(false) }
const pace = (verdict: Pace['verdict'], ratios: number[], more: Partial<Pace> = {}): Pace => ({
  of: 'latency',
  factor: 4,
  atOnce: 1,
  verdict,
  rounds: ratios.map(ratio => ({ reference: 2, subject: 2 * ratio, ratio })),
  ...more,
})

test('a comparison is shown as a sentence and its rounds', () => {
  expect(paceLines([pace('inconclusive', [12.5, 3.456])], style, '  ')).toEqual([
    '  Time of a request, the lower quartile of a round: inconclusive. In 1 of 2',
    '    rounds more than 4 times as slow as the reference, in the others not; that',
    '    is not enough to fail.',
    '  Round  Reference  Program  Times as slow',
    '      1     2.0 ms    25 ms             13',
    '      2     2.0 ms   6.9 ms            3.5',
  ])
  expect(paceLines([pace('within', [2], { of: 'throughput', atOnce: 8 })], style, '')).toEqual([
    'Requests a second, 8 at a time: in every round at most 4 times as slow as the',
    '  reference.',
    'Round  Reference  Program  Times as slow',
    '    1      2.0/s    4.0/s            2.0',
  ])
})

test('a test that passed shows its rounds, and says where they are inconclusive', () => {
  const lines = testLines(sampleTest({ paces: [pace('inconclusive', [5, 1])] }), style)
  expect(lines[0]).toContain('pace inconclusive')
  expect(lines.join('\n')).toContain('Times as slow')
  expect(testLines(sampleTest({ paces: [pace('within', [1])] }), style)[0]).not.toContain('inconclusive')
})

const manifestOf = (reference?: string) =>
  manifestSchema.parse({
    kind: 'endpoint',
    title: 'T',
    difficulty: 'easy',
    tasks: [{ id: 'one', title: 'One' }],
    runtimes: { node: { entry: 'server.js' } },
    editable: ['**'],
    ...(reference && { reference }),
  })
const exercise = { folder: 'exercises/t', manifest: manifestOf('submissions/accepted/a') }
const graded = (expected: string, paces: Paces) => ({ expected, paces })
const kept = graded('accepted', { quick: ['within'] })
const slow = graded('wrong_answer', { quick: ['beyond'] })
const keptTwice = graded('accepted', { quick: ['within', 'within'] })
const slowThen = graded('wrong_answer', { quick: ['within', 'beyond'] })

test.each<[string, ReturnType<typeof graded>[], RegExp[]]>([
  ['by an accepted sample that keeps it and a wrong answer that doesn’t', [kept, slow], []],
  [
    'not without the slow one',
    [kept, graded('wrong_answer', { quick: ['inconclusive'] })],
    [/no sample in wrong_answer\/ fails test "quick" by its pace/],
  ],
  [
    'not by an accepted one that keeps it only now and then',
    [graded('accepted', { quick: ['inconclusive'] }), slow],
    [/no accepted sample keeps the pace of test "quick" in every round/],
  ],
  ['of two comparisons by a wrong answer to each', [keptTwice, slow, slowThen], []],
  ['not of the second by one that fails the first', [keptTwice, slow], [/fails test "quick" by its pace in its comparison 2/]],
  ['not by nothing', [graded('accepted', {})], [/no test compares a program with it/]],
])('a pace is proven %s', (_, samples, words) => {
  expect(checkPaces(exercise, samples)).toEqual(
    words.map(message => ({ file: 'exercises/t/exercise.yaml', field: 'reference', message: expect.stringMatching(message) })),
  )
})

test('an exercise without a reference has nothing to prove', () => {
  expect(checkPaces({ ...exercise, manifest: manifestOf() }, [])).toEqual([])
})

test('what a grading found of paces: the verdicts of tests that compared', () => {
  const tests = [sampleTest({ id: 'plain' }), sampleTest({ id: 'quick', paces: [pace('within', [1]), pace('beyond', [9])] })]
  expect(pacesOf({ tests })).toEqual({ quick: ['within', 'beyond'] })
})
