import { expect, test } from 'vitest'
import { gradeLocally } from '../../worker/grade-local.ts'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { bundleOf } from '../support/examiner-harness.ts'

/*
 * A program that is told to end, for real: what it does on SIGTERM is its test's to judge, and whatever else ends it is still a
 * runtime_error.
 */
const sandbox = openDockerSandbox({})

const TESTS = `import { expect, test } from 'assay'
  test('ends', { id: 'ends', task: 'one', points: 1 }, async ({ http, program }) => {
    await http.get('/')
    const { code, signal, afterMs } = await program.stop({ withinMs: 2000 })
    expect({ code, signal }).toEqual({ code: 0, signal: null })
    expect(afterMs).toBeGreaterThan(0)
  })
  test('next', { id: 'next', task: 'one', points: 1 }, async ({ http }) => expect((await http.get('/')).text).toBe('asked 1'))
  test('again', { id: 'again', task: 'one', points: 1 }, async ({ http, program }) => {
    await program.stop({ withinMs: 1000 }).catch(() => {})
    await program.start()
    expect((await http.get('/')).text).toBe('asked 1')
  })
  test('goes-on', { id: 'goes-on', task: 'one', points: 1 }, async ({ http }) => expect((await http.get('/')).text).toBe('asked 2'))`

async function gradeProgram(onTerm: string, onRequest = '') {
  const server = `
    let asked = 0
    const server = require('node:http').createServer((request, response) => { ${onRequest}; response.end('asked ' + ++asked) })
    server.listen(process.env.PORT)
    ${onTerm}`
  const bundle = bundleOf({ 'tests/hidden/a.test.ts': TESTS })
  const report = await gradeLocally({ sandbox, exercise: { bundle }, files: { 'server.js': server }, seed: 3 })
  return {
    outcome: report.outcome,
    tests: Object.fromEntries(report.tests.map(({ id, status, message = '' }) => [id, `${status} ${message.split('\n')[0]}`.trim()])),
  }
}

const rest = { next: 'passed', again: 'passed', 'goes-on': 'passed' }

test.each<[string, string, string, object]>([
  ['that ends by itself', `process.on('SIGTERM', () => server.close())`, 'accepted', { ends: 'passed', ...rest }],
  ['that ends with exit code 0', `process.on('SIGTERM', () => process.exit(0))`, 'accepted', { ends: 'passed', ...rest }],
  [
    'that says that something was wrong',
    `process.on('SIGTERM', () => process.exit(1))`,
    'wrong_answer',
    { ends: 'failed expected { code: 1, signal: null } to deeply equal { code: +0, signal: null }', ...rest },
  ],
  [
    'that does nothing about it',
    '',
    'wrong_answer',
    { ends: `failed expected { code: null, signal: 'SIGTERM' } to deeply equal { code: +0, signal: null }`, ...rest },
  ],
  ['that goes on', `process.on('SIGTERM', () => {})`, 'wrong_answer', { ends: 'failed The program still ran 2 s after SIGTERM.', ...rest }],
])('a program %s', async (_, onTerm, outcome, tests) => {
  expect(await gradeProgram(onTerm)).toEqual({ outcome, tests })
})

test('a program that ends before it is told to has failed', async () => {
  expect(await gradeProgram('', 'process.exit(0)')).toMatchObject({ outcome: 'runtime_error' })
})

test('a program that ends in the test after it was told to, and was started again, has failed', async () => {
  const late = `if (asked === 1) process.exit(0)`
  expect(await gradeProgram(`process.on('SIGTERM', () => process.exit(0))`, late)).toMatchObject({
    outcome: 'runtime_error',
    tests: { ends: 'passed', next: 'passed', again: 'passed', 'goes-on': expect.stringMatching(/failed|not_run/) },
  })
})
