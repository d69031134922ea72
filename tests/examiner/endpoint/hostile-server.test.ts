import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleOf, grade, hiddenFile, type Grading } from '../../support/examiner-harness.ts'
import { BEHAVIOURS, startHostileServer, type HostileServer } from './hostile-server.ts'

const TIMED_OUT = /^The test did not end within its time of 1\.5 s\. It was waiting for the answer to (GET|POST) \/[a-z-]+\.$/

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
  'continue-without-end': 'GET /continue-without-end: the answer is not valid HTTP/1.1.',
  'status-line-without-end': TIMED_OUT,
  'blank-lines-without-end': TIMED_OUT,
  'status-zero': 'GET /status-zero: the answer is not valid HTTP/1.1.',
  'http-0-9': 'GET /http-0-9: the answer is not valid HTTP/1.1.',
  'http-2': 'GET /http-2: the answer is not valid HTTP/1.1.',
  'nul-in-a-header': 'GET /nul-in-a-header: the answer is not valid HTTP/1.1.',
  'odd-header-name': 'GET /odd-header-name: the answer is not valid HTTP/1.1.',
  'folded-header': 'GET /folded-header: the answer is not valid HTTP/1.1.',
  'negative-length': 'GET /negative-length: the answer is not valid HTTP/1.1.',
  'huge-length': 'GET /huge-length: the body is not as long as the headers of the answer say.',
  'negative-chunk': 'GET /negative-chunk: the answer is not valid HTTP/1.1.',
  'huge-chunk': 'GET /huge-chunk: the answer is not valid HTTP/1.1.',
  'chunk-extension-without-end': TIMED_OUT,
  'trailers-without-end': 'GET /trailers-without-end: the trailers of the answer are larger than 32 KiB.',
  'many-trailers': 'GET /many-trailers: the answer has more than 200 trailers.',
  'unknown-transfer-encoding': 'GET /unknown-transfer-encoding → 200: expected JSON, but the body is: hi',
  'no-content-with-a-body': 'GET /no-content-with-a-body → 204: expected JSON, but the body is empty',
  'longer-than-its-length': 'GET /longer-than-its-length → 200: expected JSON, but the body is: hi',
  'strange-headers-twice': 'GET /strange-headers-twice → 200: expected JSON, but the body is empty',
  'unpacks-gzip': 'passed',
  'unpacks-twice': 'passed',
  'unpacks-gzip-bomb': 'GET /unpacks-gzip-bomb: the unpacked body is larger than 8 MiB.',
  'unpacks-brotli-bomb': 'GET /unpacks-brotli-bomb: the body unpacks to more than 200 times its size.',
  'unpacks-encoding-chain': 'GET /unpacks-encoding-chain: the answer has more than 2 content encodings.',
  'unpacks-unknown': 'GET /unpacks-unknown: the content encoding of the answer is none of gzip, deflate and br.',
  'unpacks-what-is-not-packed': 'GET /unpacks-what-is-not-packed: the body is not what the content encoding of the answer says.',
  'unpacks-half': 'GET /unpacks-half: the body is not what the content encoding of the answer says.',
  'twice-the-same-name': 'GET /twice-the-same-name → 200: expected JSON, but an object in the body has the same name twice',
  'json-of-many-values': 'GET /json-of-many-values → 200: expected JSON, but this test has read more than a million JSON values',
  'many-at-once': 'GET /many-at-once: the answers of this test are larger than 32 MiB together.',
  'many-jsons': 'GET /many-jsons → 200: expected JSON, but this test has read more than a million JSON values',
  'never-reads': TIMED_OUT,
  'text-of-line-feeds': 'passed',
  'continue-unasked': 'GET /continue-unasked: the answer is not valid HTTP/1.1.',
  'deep-json': 'GET /deep-json → 200: expected JSON, but the body is nested more than 200 levels deep',
  'prototype-json': 'passed',
  'huge-number': 'GET /huge-number → 200: expected JSON, but a number in the body is larger than any double',
  'escaped-surrogate': 'passed',
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
const met = new Map<string, { began: number; memory: number; ms: number; peak: number }>()

beforeAll(async () => {
  server = await startHostileServer()
  // What ends by itself has all the time that a busy machine may need.
  const limitOf = (name: string) => ([EXPECTED[name]].flat().includes(TIMED_OUT) ? 1500 : 20_000)
  const tests = Object.keys(BEHAVIOURS).map(
    name => `test('${name}', { id: '${name}', task: 'one', timeLimitMs: ${limitOf(name)} }, async ({ http }) => {
      ${CODE[name] ?? `const { json } = await http.get('/${name}')${name.startsWith('unpacks-') ? '.then(packed => packed.unpacked())' : ''}`}
      expect({}.passed).toBeUndefined()
      expect(json).toBeDefined()
    })`,
  )
  const bundle = bundleOf(hiddenFile(tests.join('\n')))
  grading = await grade(bundle, {
    subject: server.port,
    heard: (message, { pid }) => {
      if (message.type === 'test-start') {
        // From here on the kernel's "most so far" is this test's.
        writeFileSync(`/proc/${pid}/clear_refs`, '5')
        met.set(message.id, { began: performance.now(), memory: memoryOf(pid, 'VmRSS'), ms: 0, peak: 0 })
      }
      if (message.type !== 'test-end') return
      const one = met.get(message.result.id)!
      Object.assign(one, { ms: performance.now() - one.began, peak: memoryOf(pid, 'VmHWM') })
    },
  })
})
afterAll(async () => {
  console.log(table())
  await server[Symbol.asyncDispose]()
})

/** What else than reading an answer's JSON. */
const CODE: Record<string, string> = {
  'many-at-once': `const json = await Promise.all(Array.from({ length: 60 }, () => http.get('/many-at-once')))`,
  'many-jsons': `const answers = await Promise.all(Array.from({ length: 20 }, () => http.get('/many-jsons'))); const json = answers.map(each => each.json)`,
  'never-reads': `const json = await http.post('/never-reads', { body: 'x'.repeat(16 * 1024 ** 2) })`,
  'text-of-line-feeds': `const { text: json } = await http.get('/text-of-line-feeds')
      for (const wrong of [() => expect(json).toBe('x'), () => expect({ json }).toMatchObject({ json: 'x' }), () => expect(json).toBeOneOf(['x'])])
        try { wrong(); throw 'not a failure' } catch ({ message }) { expect(message.length).toBeLessThan(10_000) }`,
}

/** MiB */
function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  return Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) / 1024
}

function table(): string {
  const rows = [...met].map(([id, { ms, memory, peak }]) =>
    [
      id.padEnd(30),
      grading.results[id]!.status.padEnd(9),
      `${Math.round(ms)} ms`.padStart(9),
      `+${Math.max(0, Math.round(peak - memory))} MiB`.padStart(9),
    ].join(' '),
  )
  return `a hostile server → the test, its time, the examiner's memory above what it had before\n${rows.join('\n')}`
}

test.each(Object.entries(EXPECTED))('%s → %s', (name, expected) => {
  const result = grading.results[name]!
  const told = result.status === 'passed' ? 'passed' : result.message!.split('\n')[0]
  expect([expected].flat()).toContainEqual(TIMED_OUT.test(told!) ? TIMED_OUT : told)
  expect(result.status).toBe(told === 'passed' ? 'passed' : TIMED_OUT.test(told!) ? 'timed_out' : 'failed')
})

test('the examiner keeps to its box and leaves no connection open', () => {
  // Its box has 512 MiB, of which 320 are the most that its heap may take (sandbox-images/examiner/Dockerfile).
  expect(Math.max(...[...met.values()].map(({ peak }) => peak))).toBeLessThan(400)
  // Who doesn't read doesn't hear that the other end has gone.
  expect([...server.open].filter(socket => !socket.isPaused()).length).toBe(0)
})

test('no answer, however large it would get, takes more than its caps come to', () => {
  // By caps.ts: 32 MiB of answers, twice while their buffers grow; a million values of 70 bytes, twice while they are parsed.
  const most = 2 * 32 + 2 * 70
  expect([...met].filter(([, { memory, peak }]) => peak - memory > most)).toEqual([])
})
