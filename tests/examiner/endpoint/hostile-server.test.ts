import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleOf, grade, hiddenFile, type Grading } from '../../support/examiner-harness.ts'
import { BEHAVIOURS, startHostileServer, type HostileServer } from './hostile-server.ts'

const TIMED_OUT = /^The test did not end within its time of 1\.5 s\. It was waiting for the answer to GET \/[a-z-]+\.$/

type Words = string | RegExp

/** Behaviour → what the test that meets it is told; `passed` where it harms nobody. */
const EXPECTED: Record<keyof typeof BEHAVIOURS, Words | Words[]> = {
  'infinite-body': 'GET /infinite-body: the body of the answer is larger than 8 MiB.',
  // Which comes first is the machine's speed.
  'infinite-body-of-single-bytes': [TIMED_OUT, 'GET /infinite-body-of-single-bytes: the body of the answer is larger than 8 MiB.'],
  'slow-drip': TIMED_OUT,
  'slow-drip-of-headers': TIMED_OUT,
  'header-bomb': 'GET /header-bomb: the headers of the answer are larger than 32 KiB.',
  'endless-headers': 'GET /endless-headers: the headers of the answer are larger than 32 KiB.',
  'many-headers': 'GET /many-headers: the answer has more than 200 headers.',
  'endless-informational': 'GET /endless-informational: more than 20 informational (1xx) answers came before the real one.',
  'gzip-bomb': 'GET /gzip-bomb → 200: expected JSON, but the body is not UTF-8',
  'length-and-chunked': 'GET /length-and-chunked: the body is not as long as the headers of the answer say.',
  'two-lengths': 'GET /two-lengths: the body is not as long as the headers of the answer say.',
  'an-answer-more': 'GET /an-answer-more → 200: expected JSON, but the body is: hello',
  'bare-line-feeds': 'GET /bare-line-feeds: the answer is not valid HTTP/1.1.',
  'not-http': 'GET /not-http: the answer is not valid HTTP/1.1.',
  'redirect-loop': 'GET /redirect-loop → 302: expected JSON, but the body is empty',
  'redirect-away': 'GET /redirect-away → 307: expected JSON, but the body is empty',
  'no-reply': TIMED_OUT,
  'closes-at-once': 'GET /closes-at-once: the program closed the connection without an answer.',
  resets: 'GET /resets: the program closed the connection without an answer.',
  // A reset may throw away what was on its way.
  'resets-in-the-body': [
    'GET /resets-in-the-body: the program closed the connection in the middle of its answer.',
    'GET /resets-in-the-body: the program closed the connection without an answer.',
  ],
  'ends-in-the-body': 'GET /ends-in-the-body: the program closed the connection in the middle of its answer.',
  'ends-in-the-headers': 'GET /ends-in-the-headers: the program closed the connection without an answer.',
  'unasked-upgrade': 'GET /unasked-upgrade: the program switched to another protocol, which was not asked for.',
  'continue-unasked': 'GET /continue-unasked: the answer is not valid HTTP/1.1.',
  'deep-json': 'GET /deep-json → 200: expected JSON, but the body is nested more than 200 levels deep',
  'prototype-json': 'passed',
  'huge-number': 'passed',
  'byte-order-mark': 'GET /byte-order-mark → 200: expected JSON, but the body begins with a byte order mark, which JSON has not',
  'utf-16': 'GET /utf-16 → 200: expected JSON, but the body is not UTF-8',
  overlong: 'GET /overlong → 200: expected JSON, but the body is not UTF-8',
  'wide-json': 'passed',
  'strange-text': 'passed',
  'strange-header': 'GET /strange-header → 200: expected JSON, but the body is empty',
  'stays-open': 'GET /stays-open → 200: expected JSON, but the body is: hi',
}

let server: HostileServer
let grading: Grading
let peakMemory = 0
beforeAll(async () => {
  server = await startHostileServer()
  // What ends by itself has all the time that a busy machine may need.
  const limitOf = (name: string) => ([EXPECTED[name]].flat().includes(TIMED_OUT) ? 1500 : 20_000)
  const tests = Object.keys(BEHAVIOURS).map(
    name => `test('${name}', { id: '${name}', task: 'one', timeLimitMs: ${limitOf(name)} }, async ({ http }) => {
      const { json } = await http.get('/${name}')
      expect({}.passed).toBeUndefined()
      expect(json).toBeDefined()
    })`,
  )
  const bundle = bundleOf(hiddenFile(tests.join('\n')))
  grading = await grade(bundle, {
    subject: server.port,
    heard: (message, { pid }) => {
      if (message.type === 'test-end') peakMemory = Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1])
    },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

test.each(Object.entries(EXPECTED))('%s → %s', (name, expected) => {
  const result = grading.results[name]!
  const told = result.status === 'passed' ? 'passed' : result.message!.split('\n')[0]
  expect([expected].flat()).toContainEqual(TIMED_OUT.test(told!) ? TIMED_OUT : told)
  expect(result.status).toBe(told === 'passed' ? 'passed' : TIMED_OUT.test(told!) ? 'timed_out' : 'failed')
})

test('the examiner keeps to a fraction of its box and leaves no connection open', () => {
  expect(peakMemory).toBeLessThan(400 * 1024)
  expect([...server.open]).toEqual([])
})
