import { expect, test } from 'vitest'
import { makeBundle } from '../../core/bundle.ts'
import { manifestSchema } from '../../core/exercise.ts'
import { reportSchema, type TestStatus } from '../../core/report.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { noEvidence, type Finding } from '../../worker/grading/evidence.ts'
import type { GradeRequest } from '../../worker/grading/request.ts'
import { verdict } from '../../worker/grading/verdict.ts'
import { OutputCapture } from '../../worker/pod/output-capture.ts'

const manifest = manifestSchema.parse({
  kind: 'endpoint',
  title: 'Greeter',
  difficulty: 'easy',
  tasks: [
    { id: 'greet', title: 'Greet' },
    { id: 'refuse', title: 'Refuse' },
  ],
  editable: ['server.js'],
  runtimes: { node: { entry: 'server.js' } },
})
const fact = (id: string, task: string, points: number, visibility: TestFact['visibility']): TestFact => ({
  id,
  name: id,
  task,
  points,
  visibility,
  feedback: 'category',
  timeLimitMs: 1000,
  file: `tests/${visibility}/all.test.ts`,
})
const tests = [fact('greets', 'greet', 0, 'visible'), fact('greets-all', 'greet', 4, 'hidden'), fact('refuses', 'refuse', 6, 'hidden')]
const request = {
  bundle: makeBundle('greeter', manifest, {}),
  tests,
  mode: 'submit',
  seed: 1,
  runtime: 'node',
  sandboxRuntime: 'runc',
} as unknown as GradeRequest

function reportOf({
  statuses = {},
  findings = [],
  mode = 'submit',
}: {
  statuses?: Record<string, TestStatus>
  findings?: Finding[]
  mode?: 'run' | 'submit'
}) {
  const evidence = noEvidence(new OutputCapture(), 1)
  evidence.findings.push(...findings)
  for (const [id, status] of Object.entries(statuses)) evidence.results.set(id, { id, status, durationMs: 1 })
  return reportSchema.parse(verdict({ ...request, mode }, evidence))
}

const finding = (outcome: Finding['outcome']): Finding => ({ outcome, code: 'X', message: 'why' })
const all = { greets: 'passed', 'greets-all': 'passed', refuses: 'passed' } as const

test.each([
  ['every test passed', { statuses: all }, 'accepted', 10],
  ['one failed', { statuses: { ...all, refuses: 'failed' as const } }, 'wrong_answer', 4],
  ['a core failed: its task earns nothing', { statuses: { ...all, greets: 'failed' as const } }, 'wrong_answer', 6],
  ['a test timed out', { statuses: { ...all, refuses: 'timed_out' as const } }, 'time_limit', 4],
  [
    'the program died: what passed before counts',
    { statuses: { greets: 'passed' as const, 'greets-all': 'passed' as const }, findings: [finding('runtime_error')] },
    'runtime_error',
    4,
  ],
  ['a death for memory outranks a death', { findings: [finding('runtime_error'), finding('memory_limit')] }, 'memory_limit', 0],
  ['a killed process spoils a pass', { statuses: all, findings: [finding('memory_limit')] }, 'memory_limit', 10],
  ['our fault outranks all of theirs', { findings: [finding('output_limit'), finding('grader_error')] }, 'grader_error', 0],
] as const)('%s', (_, given, outcome, earned) => {
  const report = reportOf({ ...given, findings: [...((given as { findings?: Finding[] }).findings ?? [])] })
  expect(report).toMatchObject({ outcome, score: { earned, possible: 10 } })
  expect(report.tests.map(each => each.id)).toEqual(['greets', 'greets-all', 'refuses'])
})

test('whose fault it was is stated', () => {
  expect(reportOf({ statuses: all }).fault).toBe('none')
  expect(reportOf({}).fault).toBe('learner')
  expect(reportOf({ findings: [finding('grader_error')] }).fault).toBe('grader')
})

test('a run is measured against the visible tests only', () => {
  const report = reportOf({ mode: 'run', statuses: { greets: 'passed' } })
  expect(report).toMatchObject({ outcome: 'accepted', score: { earned: 0, possible: 0 } })
  expect(report.tests).toHaveLength(1)
})
