import { describe, expect, test } from 'vitest'
import { holdSample, holdStarter } from '../../cli/check/hold-sample.ts'
import { checkStructure } from '../../cli/check/structure.ts'
import { describeFinding } from '../../core/errors.ts'
import type { Outcome } from '../../core/outcome.ts'
import { readManifest } from '../../core/read-manifest.ts'
import type { Sample } from '../../core/read-samples.ts'
import type { Report } from '../../core/report.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { sampleReport, sampleTest } from './sample-reports.ts'

const folder = 'exercises/tasks-api'
const manifest = readManifest(
  `
kind: endpoint
title: Tasks API
difficulty: easy
tasks:
  - { id: create, title: Create }
  - { id: list, title: List }
editable: ['*.js']
runtimes: { node: { entry: server.js } }
`,
  'exercise.yaml',
)

function fact(id: string, change: Partial<TestFact> = {}): TestFact {
  const file = `tests/${change.visibility ?? 'hidden'}/${change.task ?? 'create'}.test.ts`
  return {
    id,
    name: `does ${id}`,
    task: 'create',
    points: 2,
    visibility: 'hidden',
    feedback: 'category',
    timeLimitMs: 5000,
    file,
    ...change,
  }
}

function sample(path: string, expects: Sample['expects'] = {}): Sample {
  const [outcome, name] = path.split('/') as [Outcome, string]
  return { path, outcome, name, folder: `${folder}/submissions/${path}`, files: { 'server.js': '' }, expects }
}

const goodTests = [fact('creates', { visibility: 'visible', points: 0, hint: 'Look.' }), fact('refuses'), fact('lists', { task: 'list' })]
const goodSamples = [sample('accepted/a'), sample('accepted/b'), sample('wrong_answer/c', { fails: ['refuses'], score: 2 })]

describe("an exercise's structure", () => {
  test('gives no findings when everything agrees', () => {
    expect(checkStructure({ folder, manifest }, goodTests, goodSamples)).toEqual([])
  })

  test.each<[string, TestFact[], Sample[], string]>([
    [
      'an unknown task',
      [...goodTests, fact('x', { task: 'delete' })],
      goodSamples,
      '"x" in exercises/tasks-api/tests/hidden/delete.test.ts: expected a task of exercise.yaml (create, list), got "delete"',
    ],
    [
      'a repeated id',
      [...goodTests, fact('lists', { task: 'list' })],
      goodSamples,
      'the id stands twice; the other test with it is "does lists" in exercises/tasks-api/tests/hidden/list.test.ts',
    ],
    ['a repeated name', [...goodTests, fact('x', { name: 'does refuses' })], goodSamples, 'another test of this task has the same name'],
    [
      'a visible test without a hint',
      [...goodTests, fact('x', { visibility: 'visible' })],
      goodSamples,
      '"x" in exercises/tasks-api/tests/visible/create.test.ts: a visible test needs a hint',
    ],
    [
      'a test that may take longer than all of them',
      [...goodTests, fact('x', { timeLimitMs: 61_000 })],
      goodSamples,
      'its time limit (61000 ms) is longer',
    ],
    [
      'a task without tests',
      goodTests.slice(0, 2),
      goodSamples,
      '"tasks.1" in exercises/tasks-api/exercise.yaml: no test belongs to "List"',
    ],
    [
      'a task without a hidden test',
      [...goodTests.slice(0, 2), fact('lists', { task: 'list', visibility: 'visible', hint: 'h' })],
      goodSamples,
      '"List" has no hidden test',
    ],
    [
      'a task without points',
      [...goodTests.slice(0, 2), fact('lists', { task: 'list', points: 0 })],
      goodSamples,
      '"List" can earn no points',
    ],
    ['no points at all', goodTests.map(one => ({ ...one, points: 0 })), goodSamples, 'its tests give no points in all'],
    ['no tests', [], [], 'exercises/tasks-api: has no tests'],
    ['one accepted sample', goodTests, goodSamples.slice(1), 'expected at least 2 accepted samples, written differently, got 1'],
    ['no wrong sample', goodTests, goodSamples.slice(0, 2), 'expected at least 1 sample that must not be accepted'],
    [
      'a label with an unknown test',
      goodTests,
      [...goodSamples, sample('wrong_answer/d', { fails: ['refuses', 'nix'] })],
      '"fails" in exercises/tasks-api/submissions/wrong_answer/d/sample.yaml: there is no test "nix"',
    ],
    [
      'an accepted sample that is racy',
      goodTests,
      [...goodSamples, sample('accepted/d', { racy: true })],
      'an accepted sample is right whatever requests meet',
    ],
    [
      'an accepted sample that fails',
      goodTests,
      [...goodSamples, sample('accepted/d', { fails: ['refuses'] })],
      'an accepted sample fails no test',
    ],
    [
      'a wrong answer that fails nothing',
      goodTests,
      [...goodSamples, sample('wrong_answer/d', { fails: [] })],
      'a wrong answer fails at least one test',
    ],
    [
      'a score above all points',
      goodTests,
      [...goodSamples, sample('wrong_answer/d', { score: 5 })],
      'expected at most 4, the points of all tests, got 5',
    ],
    [
      'a runtime that is not offered',
      goodTests,
      [...goodSamples, sample('accepted/d', { runtime: 'sql' })],
      `expected one of the exercise's (node), got "sql"`,
    ],
    [
      "a label that is never a submission's doing",
      goodTests,
      [...goodSamples, sample('grader_error/d')],
      'no sample can be labelled grader_error',
    ],
  ])('with %s is named', (_, tests, samples, words) => {
    expect(checkStructure({ folder, manifest }, tests, samples).map(describeFinding).join('\n')).toContain(words)
  })
})

describe('a graded sample', () => {
  const failing = sampleReport('wrong_answer', {
    score: { earned: 2, possible: 4 },
    tests: [
      sampleTest({ id: 'creates' }),
      sampleTest({ id: 'refuses', status: 'failed', message: 'expected 422\ngot 201' }),
      sampleTest({ id: 'lists', status: 'timed_out' }),
      sampleTest({ id: 'never', status: 'not_run' }),
    ],
  })

  test.each<[string, string, Sample['expects'], Report, string[]]>([
    ['exactly as labelled', 'wrong_answer/c', { fails: ['lists', 'refuses'], score: 2 }, failing, []],
    ['without more than its outcome', 'wrong_answer/c', {}, failing, []],
    [
      'of another outcome',
      'runtime_error/c',
      {},
      failing,
      ['exercises/tasks-api/submissions/runtime_error/c: expected runtime_error, got wrong_answer; failed: refuses (expected 422), lists'],
    ],
    [
      'that should have been accepted',
      'accepted/c',
      {},
      sampleReport('start_error', {
        reason: { code: 'x', message: 'It ended with code 1.' },
        lastWords: { open: '', all: 'a\nSyntaxError: b\n' },
      }),
      [
        'exercises/tasks-api/submissions/accepted/c: expected accepted, got start_error (It ended with code 1.; last words: SyntaxError: b)',
      ],
    ],
    [
      'of another score',
      'wrong_answer/c',
      { score: 3 },
      failing,
      ['"score" in exercises/tasks-api/submissions/wrong_answer/c/sample.yaml: expected 3, got 2 of 4'],
    ],
    [
      'that failed too little',
      'wrong_answer/c',
      { fails: ['lists', 'refuses', 'creates', 'never'] },
      failing,
      ['"fails" in exercises/tasks-api/submissions/wrong_answer/c/sample.yaml: should fail and did not: creates, never (never ran)'],
    ],
    [
      'that failed too much',
      'wrong_answer/c',
      { fails: ['lists'] },
      failing,
      ['"fails" in exercises/tasks-api/submissions/wrong_answer/c/sample.yaml: failed and should not: refuses (expected 422)'],
    ],
    [
      'that we could not grade',
      'wrong_answer/c',
      { fails: [] },
      sampleReport('grader_error', { reason: { code: 'X', message: 'The engine is away' } }),
      ['exercises/tasks-api/submissions/wrong_answer/c: could not be graded: The engine is away'],
    ],
  ])('%s', (_, path, expects, report, findings) => {
    expect(holdSample(sample(path, expects), report).map(describeFinding)).toEqual(findings)
  })

  test('that is a starter may be anything but accepted', () => {
    expect(holdStarter('starter/node', failing)).toEqual([])
    expect(holdStarter('starter/node', sampleReport('accepted'))[0]?.message).toContain('is accepted as it stands')
    expect(holdStarter('starter/node', sampleReport('grader_error'))).toHaveLength(1)
  })
})
