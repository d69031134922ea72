import { expect, test } from 'vitest'
import { makeBundle } from '../../core/bundle.ts'
import { manifestSchema } from '../../core/exercise.ts'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'

/*
 * A test that believes what it was answered may fill the examiner's memory. That ends the examiner, and it is no fault of ours:
 * the same test runs within its box on every answer that it was written for.
 */
const sandbox = openDockerSandbox({})

const believing = (what: string) =>
  makeBundle(
    'believing',
    manifestSchema.parse({
      kind: 'endpoint',
      title: 'Believing',
      difficulty: 'easy',
      tasks: [{ id: 'one', title: 'One' }],
      editable: ['**'],
      runtimes: { node: { entry: 'server.js' } },
      limits: { test: '30s' },
    }),
    {
      'tests/visible/a.test.ts': `import { test } from 'assay'
        test('first', { id: 'first', task: 'one', points: 1 }, ({ http }) => http.get('/'))`,
      'tests/hidden/b.test.ts': `import { test } from 'assay'
        test('believes', { id: 'believes', task: 'one', points: 1 }, async ({ http }) => {
          const { json: count } = await http.get('/')
          const kept = []
          for (let i = 0; i < count; i++) kept.push(${what})
        })
        test('after', { id: 'after', task: 'one', points: 1 }, ({ http }) => http.get('/'))`,
    },
  )

test.each([
  ['the heap', 'new Array(100_000).fill(i)'],
  ['the box', 'Buffer.alloc(16 * 1024 ** 2, 1)'],
])('a test that fills %s with what it was told is the learner’s to answer for', async (_what, kept) => {
  const files = { 'server.js': 'require("node:http").createServer((_, response) => response.end("1000000")).listen(process.env.PORT)' }
  const report = await gradeLocally({ sandbox, exercise: { bundle: believing(kept) }, files })
  expect(report).toMatchObject({ outcome: 'wrong_answer', fault: 'learner', reason: { code: 'TEST_OUT_OF_MEMORY' }, score: { earned: 1 } })
  expect(report.tests.map(({ id, status, message }) => [id, status, message])).toEqual([
    ['first', 'passed', undefined],
    ['believes', 'failed', 'The test ran out of memory on what the program had answered.'],
    ['after', 'not_run', undefined],
  ])
})
