import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleOf, grade, hiddenFile } from '../../support/examiner-harness.ts'
import { startLearnerServer, type LearnerServer } from './learner-server.ts'

let server: LearnerServer
beforeAll(async () => {
  server = await startLearnerServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const one = (body: string) => hiddenFile(`test('one', { id: 'one', task: 'one', timeLimitMs: 3000 }, async ({ http }) => { ${body} })`)
const gradeOne = async (body: string) => (await grade(bundleOf(one(body)), { subject: server.port })).results['one']!

test.each<[string, string]>([
  [
    'a slow request is answered once it is finished, and not before',
    `const slow = await http.slowly('POST', '/slow', { json: { a: 1 } })
     let answered = false
     slow.answer.then(() => (answered = true))
     for (let i = 0; i < 5; i++) await http.get('/quick')
     expect(answered).toBe(false)
     expect((await slow.finish()).json).toMatchObject({ method: 'POST', body: '{"a":1}' })
     expect(await slow.finish()).toBe(await slow.answer)`,
  ],
  [
    'a slow request without a body waits before the end of its head',
    `const slow = await http.slowly('GET', '/slow')
     expect((await http.get('/quick')).status).toBe(200)
     expect((await slow.finish()).json.url).toBe('/slow')`,
  ],
  [
    'raw bytes are sent as they are, and a connection that stays open is told from one that was closed',
    `const answer = await http.raw('GET /raw HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n', { waitMs: 100 })
     expect(answer).toMatchObject({ status: 200, closed: false, text: expect.stringContaining('"url":"/raw"') })
     expect(await http.raw('no HTTP\\r\\n\\r\\n')).toMatchObject({ status: 400, closed: true })
     expect(await http.raw(new Uint8Array([0, 1, 255]), { waitMs: 2000 })).toMatchObject({ status: 400, closed: true })`,
  ],
  [
    'raw bytes that get no answer at all have no status',
    `expect(await http.raw('GET /never HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n', { waitMs: 100 })).toEqual({ status: undefined, text: '', closed: false })`,
  ],
])('%s', async (_, body) => {
  expect(await gradeOne(body)).toMatchObject({ status: 'passed' })
})

test('a slow request that is never finished ends with its test', async () => {
  const { status } = await gradeOne(`await http.slowly('POST', '/slow', { json: {} })`)
  expect(status).toBe('passed')
})
