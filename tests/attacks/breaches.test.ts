import { expect, test } from 'vitest'
import type { Report } from '../../core/report.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { breaches, type Seen } from './breaches.ts'

/*
 * The checks that every attack is held to can fail: made-up reports in which an attack got through.
 */
const hidden: TestFact = {
  id: 'refuses',
  name: 'refuses an empty name',
  task: 'greet',
  points: 4,
  visibility: 'hidden',
  feedback: 'none',
  timeLimitMs: 1000,
  file: 'tests/hidden/refuse.test.ts',
}
const visible: TestFact = { ...hidden, id: 'greets', name: 'greets', points: 0, visibility: 'visible', file: 'tests/visible/greet.test.ts' }
const held: Report = {
  reportVersion: 1,
  exercise: { slug: 'greeter', version: 'a'.repeat(64), title: 'Greeter' },
  kind: 'endpoint',
  runtime: 'node',
  sandboxRuntime: 'runc',
  mode: 'submit',
  seed: 7,
  outcome: 'wrong_answer',
  fault: 'learner',
  score: { earned: 0, possible: 4 },
  tasks: [],
  tests: [
    { ...visible, status: 'failed', durationMs: 1, earned: 0 },
    { ...hidden, status: 'failed', durationMs: 1, earned: 0, message: 'expected TOKEN-OF-TEST', log: 'GET /?name=TOKEN-OF-TEST' },
  ],
  output: { open: 'hello', all: 'hello GET /?name=TOKEN-OF-TEST', bytes: 30, truncated: false },
  timings: {},
  images: {},
}
const check = (report: Partial<Report> = {}, events: Seen['events'] = []) =>
  breaches({
    attack: { outcomes: ['wrong_answer'], earns: 0, never: ['OPEN '], proof: 'hello', canaries: ['TOKEN-OF-TEST'] },
    report: { ...held, ...report },
    events,
    tests: [visible, hidden],
    secrets: ['SECRET-OF-WORKER'],
  })

test('an attack that was held has none: what only staff see is no breach', () => {
  expect(check()).toEqual([])
})

test.each<[string, Partial<Report>, string]>([
  ['accepted', { outcome: 'accepted', fault: 'none' }, 'it was accepted'],
  ['an outcome that nobody expected', { outcome: 'runtime_error' }, 'outcome runtime_error'],
  ['ours to blame', { outcome: 'grader_error', fault: 'grader' }, 'the fault is given to grader'],
  ['points', { score: { earned: 1, possible: 4 } }, 'it earned 1'],
  [
    'a canary in the open output',
    { output: { open: 'TOKEN-OF-TEST', all: '', bytes: 1, truncated: false } },
    'a learner sees "TOKEN-OF-TEST"',
  ],
  ['a canary in the last words', { lastWords: { open: 'TOKEN-OF-TEST', all: '' } }, 'a learner sees "TOKEN-OF-TEST"'],
  ['a canary in the reason', { reason: { code: 'X', message: 'TOKEN-OF-TEST' } }, 'a learner sees "TOKEN-OF-TEST"'],
  ['a hidden test’s name', { reason: { code: 'X', message: `"${hidden.name}" failed` } }, 'a learner sees "refuses an empty name"'],
  [
    'a secret that staff see',
    { output: { open: '', all: 'SECRET-OF-WORKER', bytes: 1, truncated: false } },
    'a box knew "SECRET-OF-WORKER"',
  ],
  [
    'an operation that should have failed',
    { output: { open: '', all: 'hello OPEN mount', bytes: 1, truncated: false } },
    'it was able to: "OPEN mount',
  ],
  ['an attack that did nothing', { output: { open: '', all: '', bytes: 0, truncated: false } }, 'it was not carried out'],
])('red: %s', (_, report, breach) => {
  expect(check(report)).toContainEqual(expect.stringContaining(breach))
})
