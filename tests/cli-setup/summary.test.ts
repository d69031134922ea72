import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { countTests } from '../summary.mjs'

const counts = { numPassedTests: 3, numFailedTests: 1, numPendingTests: 2, numTodoTests: 1 }
const file = (status: string, ...tests: string[]) => ({ status, assertionResults: tests.map(status => ({ status })) })

test('counts what vitest counted', () => {
  expect(countTests({ ...counts, testResults: [file('failed', 'failed', 'passed')] })).toEqual({ passed: 3, failed: 1, skipped: 3 })
})

test('a file that failed before its first test is a failure', () => {
  expect(countTests({ ...counts, numFailedTests: 0, testResults: [file('failed'), file('passed', 'passed')] })).toMatchObject({ failed: 1 })
})

test.each([
  ['a good run', JSON.stringify({ ...counts, numFailedTests: 0, testResults: [] }), 0, '3 passed, 0 failed, 3 skipped'],
  ['a run without a report', '', 1, '0 passed, 1 failed, 0 skipped'],
])('%s: the last line and the exit code', (_, report, code, line) => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-summary-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'tests.json')
  writeFileSync(path, report)
  const ran = spawnSync(process.execPath, [join(import.meta.dirname, '../summary.mjs'), path], { encoding: 'utf8' })
  expect(ran.stdout.trimEnd().split('\n').at(-1)).toBe(line)
  expect(ran.status).toBe(code)
})
