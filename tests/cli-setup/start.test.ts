import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createProgress } from '../../cli/progress.ts'
import { judgeVersion } from '../../cli/doctor/floors.ts'
import { readableLine } from '../../cli/start/log-line.ts'
import { waitUntilReady } from '../../cli/start/readiness.ts'
import { keepRunning } from '../../cli/start/service.ts'
import { workerToken } from '../../cli/start/worker-token.ts'

const time = Date.parse('2026-11-21T10:11:12Z')

test.each([
  [
    { level: 30, time, msg: 'graded', name: 'worker', pid: 1, outcome: 'accepted', ms: 12 },
    '10:11:12 worker graded outcome=accepted ms=12',
  ],
  [{ level: 50, time, msg: 'no', err: { type: 'Error', message: 'it broke', stack: 'long' } }, '10:11:12 worker ERROR no err="it broke"'],
])('a log line in words', (entry, words) => {
  expect(readableLine('worker', JSON.stringify(entry))).toBe(words)
})

test('what is no log line is shown as it is, but for what a terminal would act on', () => {
  expect(readableLine('server', '{"half a')).toBe('server  {"half a')
  expect(readableLine('server', '\u001b]0;owned\u0007Error: \u202ex')).toBe('server  Error: x')
  const entry = { level: 30, time, msg: 'graded\u009b2J', outcome: '\u001b[2Jx' }
  expect(readableLine('worker', JSON.stringify(entry))).toBe('10:11:12 worker graded outcome=x')
})

test('progress that is not on a terminal is plain lines', async () => {
  let text = ''
  const progress = createProgress({ write: part => (text += part) })
  const value = await progress.step('Engine', async step => {
    step.log('starting dockerd')
    step.says('Docker 20.10')
    return 7
  })
  await progress.step('Images', () => Promise.reject(new Error('no'))).catch(() => {})
  expect(value).toBe(7)
  expect(text.replaceAll(/\(\d+\.\d s\)/g, '(T)')).toBe(
    '… Engine\n    starting dockerd\n✓ Engine: Docker 20.10 (T)\n… Images\n✗ Images (T)\n',
  )
})

test('a service that dies is started again, and it is said', async () => {
  const notes: string[] = []
  const lines: string[] = []
  const again = Promise.withResolvers<void>()
  await using service = keepRunning({
    name: 'server',
    args: ['-e', 'console.log("up"); process.exitCode = 4'],
    env: {},
    onLine: line => lines.push(line) === 2 && again.resolve(),
    note: line => notes.push(line),
  })
  expect(await service.firstEnd).toBe(4)
  await again.promise
  expect(notes[0]).toBe('server ended with code 4; starting it again in 0.5 s')
})

test('a service is waited for until it answers 200', async () => {
  let asked = 0
  const server = createServer((_, response) => response.writeHead(++asked < 3 ? 503 : 200).end()).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  await waitUntilReady(`http://127.0.0.1:${(server.address() as AddressInfo).port}/readyz`, new AbortController().signal)
  expect(asked).toBe(3)
})

test("the workers' secret is made once, for us alone", () => {
  const folder = mkdtempSync(join(tmpdir(), 'assay-token-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const token = workerToken(folder, undefined)
  expect(token.length).toBeGreaterThan(40)
  expect(workerToken(folder, undefined)).toBe(token)
  expect(workerToken(folder, 'given')).toBe('given')
  expect(statSync(join(folder, 'worker-token')).mode & 0o077).toBe(0)
})

test.each([
  ['19.03.15', 'fail'],
  ['20.10.24+dfsg1', 'warn'],
  ['24.0.0', 'ok'],
  ['29.1', 'ok'],
])('engine %s is judged %s', (version, verdict) => {
  expect(judgeVersion(version, { what: 'engine', least: '20.10.0', better: '24.0.0', because: '' })).toBe(verdict)
})
