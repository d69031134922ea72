import { expect, test } from 'vitest'
import type { FromExaminer, ToExaminer } from '../../core/examiner-protocol.ts'
import type { TestFact } from '../../core/tests-list.ts'
import { conduct } from '../../worker/grading/conduct.ts'
import { Deadlines, Ending } from '../../worker/grading/ending.ts'
import { noEvidence } from '../../worker/grading/evidence.ts'
import type { GradeRequest } from '../../worker/grading/request.ts'
import { OutputCapture } from '../../worker/pod/output-capture.ts'
import type { PreparedPod } from '../../worker/pod/prepared-pod.ts'
import { greeter } from '../support/greeter.ts'

/*
 * The examiner's box runs our code beside the bytes of a learner: what comes out of it is a verdict only when it carries
 * this grading's nonce and names the tests that were fixed before, each of them.
 */
const NONCE = 'f'.repeat(32)
const facts = (id: string): TestFact => ({
  id,
  name: id,
  task: 'greet',
  points: 5,
  visibility: 'hidden',
  feedback: 'none',
  timeLimitMs: 2000,
  file: 'tests/hidden/a.test.ts',
})
const passed = (id: string) => ({ id, status: 'passed' as const, durationMs: 1 })
const end = (nonce: string, ids: readonly string[]): FromExaminer => ({ type: 'end', nonce, results: ids.map(passed), timings: {} })

/** Leads an examiner that says just this; returns how the grading ended, and what the examiner was told. */
async function lead(says: readonly FromExaminer[]) {
  const told: ToExaminer[] = []
  const examiner = { say: (message: ToExaminer) => told.push(message) }
  const prepared = { pod: { examiner }, messages: says.values(), seed: 1, nonce: NONCE } as unknown as PreparedPod
  const request = {
    bundle: greeter(),
    tests: [facts('one'), facts('two')],
    mode: 'submit',
    seed: 1,
    runtime: 'node',
    files: {},
    onEvent: () => {},
  } as unknown as GradeRequest
  const evidence = noEvidence(new OutputCapture(), 1)
  const ending = new Ending()
  using deadlines = new Deadlines()
  conduct({ request, prepared, evidence, ending, deadlines }).catch(error => ending.failed(error))
  const reached = await ending.reached.then(
    () => 'finished',
    (error: { code?: string }) => error.code ?? error,
  )
  return { reached, told, evidence }
}

test('the last word of an examiner that is ours, with every test, is taken', async () => {
  const { reached, told, evidence } = await lead([end(NONCE, ['one', 'two'])])
  expect(reached).toBe('finished')
  expect([...evidence.results.keys()]).toEqual(['one', 'two'])
  expect(told.map(({ type }) => type)).toEqual(['begin'])
})

test.each<[string, FromExaminer, string]>([
  ['under another nonce', end('0'.repeat(32), ['one', 'two']), 'REPORT_FORGED'],
  ['without a test of the list', end(NONCE, ['one']), 'REPORT_INCOMPLETE'],
  ['with a test twice instead of another', end(NONCE, ['one', 'one']), 'REPORT_INCOMPLETE'],
  ['with a test that is not of the list', end(NONCE, ['one', 'two', 'three']), 'REPORT_INCOMPLETE'],
  ['a result of a test that nobody knows', { type: 'test-end', result: passed('three') }, 'EXAMINER_PROTOCOL'],
  ['the start of a test that nobody knows', { type: 'test-start', id: 'three' }, 'EXAMINER_PROTOCOL'],
  ['a list of tests instead of a verdict', { type: 'collected', nonce: NONCE, tests: [] }, 'EXAMINER_PROTOCOL'],
])('a word %s is none', async (_, word, code) => {
  expect((await lead([word])).reached).toBe(code)
})
