import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { TestApi } from './api.ts'

let api: TestApi
beforeAll(async () => void (api = await TestApi.open()))
afterAll(() => api[Symbol.asyncDispose]())

const good = { exercise: 'late-orders', files: { 'query.sql': 'SELECT 1' } }
const text = (body: unknown) => JSON.stringify(body)

describe('a submission', () => {
  test.each<[what: string, payload: string | Buffer, status: number, pointer: string | undefined]>([
    ['no body', '', 400, ''],
    ['no JSON', '{"exercise":', 400, ''],
    ['no object', '[]', 400, ''],
    ['null', 'null', 400, ''],
    ['an unknown field', text({ ...good, score: 100 }), 400, '/score'],
    ['mass assignment', text({ ...good, owner: 'x', limits: { memory: 1 } }), 400, '/owner'],
    ['no exercise', text({ files: good.files }), 400, '/exercise'],
    ['an exercise that is no slug', text({ ...good, exercise: '../etc' }), 400, '/exercise'],
    ['an exercise that is not there', text({ ...good, exercise: 'nothing' }), 422, '/exercise'],
    ['an unknown mode', text({ ...good, mode: 'test' }), 400, '/mode'],
    ['an unknown runtime', text({ ...good, runtime: 'cobol' }), 400, '/runtime'],
    ['a runtime of other exercises', text({ ...good, runtime: 'node' }), 422, '/runtime'],
    ['files that are a list', text({ ...good, files: ['SELECT 1'] }), 400, '/files'],
    ['a file that is no text', text({ ...good, files: { 'query.sql': 7 } }), 400, '/files/query.sql'],
    ['a file in a folder that is no text', text({ ...good, files: { 'a/~b.sql': null } }), 400, '/files/a~1~0b.sql'],
    ['no files', text({ ...good, files: {} }), 422, '/files'],
    ['a path that is not asked for', text({ ...good, files: { 'other.sql': '' } }), 422, '/files/other.sql'],
    ['a path that leaves the folder', text({ ...good, files: { '../query.sql': '' } }), 422, '/files/..~1query.sql'],
    ['an absolute path', text({ ...good, files: { '/etc/passwd': '' } }), 422, '/files/~1etc~1passwd'],
    ['a path with a NUL', text({ ...good, files: { 'query.sql\0.js': '' } }), 422, '/files/query.sql\0.js'],
    ['a path written from right to left', text({ ...good, files: { '\u202Elqs.yreuq': '' } }), 422, '/files/\u202Elqs.yreuq'],
    ['an empty path', text({ ...good, files: { '': '' } }), 422, '/files/'],
    ['a reserved name', text({ ...good, exercise: 'hello', files: { 'node_modules/x.js': '' } }), 422, '/files/node_modules~1x.js'],
    ['a NUL in a file', text({ ...good, files: { 'query.sql': 'SELECT \0' } }), 422, '/files/query.sql'],
    ['a lone surrogate', '{"exercise":"late-orders","files":{"query.sql":"\\ud800"}}', 422, '/files/query.sql'],
    [
      'broken UTF-8 in a file',
      Buffer.from('{"exercise":"late-orders","files":{"query.sql":"caf\xe9"}}', 'latin1'),
      400,
      '/files/query.sql',
    ],
    ['broken UTF-8 in a name', Buffer.from('{"exercise":"late-orders","files":{"\xff.sql":""}}', 'latin1'), 400, '/files/\uFFFD.sql'],
    ['a file too large', text({ ...good, files: { 'query.sql': 'x'.repeat(257 * 1024) } }), 422, '/files/query.sql'],
    ['files too many', text({ ...good, exercise: 'hello', files: many(51) }), 422, '/files'],
    ['files very many', text({ ...good, exercise: 'hello', files: many(50_000) }), 422, '/files'],
    ['files too large in all', text({ ...good, exercise: 'hello', files: many(5, 'x'.repeat(250 * 1024)) }), 422, '/files'],
    ['a body too large', text({ ...good, files: { 'query.sql': 'x'.repeat(16 * 1024 * 1024) } }), 413, undefined],
    ['a poisoned prototype', '{"exercise":"late-orders","files":{"__proto__":"x"}}', 400, ''],
    [
      'a file that comes twice',
      '{"exercise":"late-orders","files":{"query.sql":"SELECT 1","query.sql":"SELECT 2"}}',
      400,
      '/files/query.sql',
    ],
    [
      'a file that comes twice, written in two ways',
      '{"exercise":"late-orders","files":{"query.sql" : "\\\\", "\\u0071uery.sql"\n\t: "SELECT 2"}}',
      400,
      '/files/query.sql',
    ],
    ['a field that comes twice', text(good).replace('{', '{"mode":"run",').replace(/\}$/, ',"mode":"submit"}'), 400, '/mode'],
    ['nesting without end', `{"files":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 400, '/exercise'],
  ])('with %s', async (_what, payload, status, pointer) => {
    const answer = await api.call('POST', '/api/v1/submissions', { payload })
    expect(answer.headers['content-type']).toBe('application/problem+json')
    expect(answer.status).toBe(status)
    expect(answer.json).toMatchObject({ status, type: expect.any(String) as string, title: expect.any(String) as string })
    if (pointer !== undefined) expect((answer.json['errors'] as { pointer: string }[]).map(error => error.pointer)).toContain(pointer)
    expect(answer.text).not.toContain('xxxxxxxx')
  })

  test.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['an archive', 'application/zip'],
  ])('as %s', async (_what, type) => {
    const answer = await api.call('POST', '/api/v1/submissions', { payload: 'a=b', headers: { 'content-type': type } })
    expect(answer).toMatchObject({ status: 415, json: { type: 'media-type' } })
  })

  test.each(['', 'with space', 'x'.repeat(256), 'ümlaut'])('under the key %j', async key => {
    const answer = await api.call('POST', '/api/v1/submissions', { body: good, headers: { 'idempotency-key': key } })
    expect(answer.json).toMatchObject({ status: 400, errors: [{ pointer: '/idempotency-key', in: 'header' }] })
  })
})

test.each([
  ['limit=0', '/limit'],
  ['limit=101', '/limit'],
  ['limit=many', '/limit'],
  ['cursor=%27%20OR%201', '/cursor'],
  ['state=lost', '/state'],
  ['outcome=fine', '/outcome'],
  ['sort=score', '/sort'],
])('a list with ?%s', async (query, pointer) => {
  const { status, json } = await api.call('GET', `/api/v1/submissions?${query}`)
  expect(status).toBe(400)
  expect(json['errors']).toEqual([expect.objectContaining({ pointer, in: 'query' })])
})

test.each([
  '/',
  '/api/v1',
  '/api/v1/nothing',
  '/api/v1/submissions/sub_0',
  '/api/v1/submissions/..%2f',
  '/.env',
  '/api/v1/submissions/sub_%00',
])('nothing stands at %s', async url => {
  const answer = await api.call('GET', url)
  expect(answer).toMatchObject({ status: 404, json: { type: 'not-found' } })
  expect(answer.headers['content-type']).toBe('application/problem+json')
})

test('an address that is no URL', async () => {
  const answer = await api.app.inject('/api/v1/submissions/%zz')
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.statusCode).toBe(400)
})

test.each([
  ['no HTTP', 'BREW coffee\r\n\r\n', 400],
  ['headers too large', `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(100_000)}\r\n\r\n`, 431],
])('%s on the line is answered as a problem too', async (_what, sent, status) => {
  await using own = await TestApi.open()
  await own.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = own.app.server.address() as { port: number }
  const socket = connect(port, '127.0.0.1')
  socket.end(sent)
  const received = (await socket.setEncoding('utf8').toArray()).join('')
  expect(received).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(received).toContain('application/problem+json')
})

function many(count: number, content = ''): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`f${at}.js`, content]))
}
