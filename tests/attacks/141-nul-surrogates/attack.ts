import assert from 'node:assert/strict'
import type { Platform } from '../platform.ts'

const PACKAGE = { 'package.json': '{"type":"module"}' }

export default async function nulSurrogates(platform: Platform): Promise<string> {
  const learner = await platform.person()
  const staff = await platform.person({ role: 'staff' })
  const bytes = `Buffer.from('NUL-\\0-\\xff\\xfe-\\xed\\xa0\\x80-\\xf4\\x90\\x80\\x80-\\xc0\\x80-\\xe2\\x80', 'latin1')`
  const server = (body: string, headers = `{ 'content-type': 'text/plain' }`) => `
    import { createServer } from 'node:http'
    const bytes = ${bytes}
    process.stdout.write(bytes)
    process.stderr.write(Buffer.concat([bytes, Buffer.from('\\n'), bytes.subarray(0, -1)]))
    createServer((request, response) => response.writeHead(200, ${headers}).end(${body})).listen(process.env.PORT)`
  const given: [what: string, exercise: string, files: Record<string, string>][] = [
    ['bytes as text', 'greeting', { ...PACKAGE, 'server.js': server('bytes') }],
    [
      'surrogates as JSON',
      'greeting',
      { ...PACKAGE, 'server.js': server(`'"\\\\ud800 \\\\u0000 \\\\udc00"'`, `{ 'content-type': 'application/json' }`) },
    ],
    ['bytes as UTF-16', 'greeting', { ...PACKAGE, 'server.js': server('bytes', `{ 'content-type': 'text/plain; charset=utf-16' }`) }],
    ['bytes in a header', 'greeting', { ...PACKAGE, 'server.js': server(`'x'`, `{ 'x-bytes': '\\xff\\xfe\\x80' }`) }],
    [
      'bytes at the end of a crash',
      'greeting',
      { ...PACKAGE, 'server.js': `process.stderr.write(${bytes}); throw new Error('\\0 \\ud800 \\udfff')` },
    ],
    ['a NUL in a query', 'bookings', { 'query.sql': `SELECT chr(0)` }],
    ['a surrogate in a query', 'bookings', { 'query.sql': `SELECT U&'\\D800'` }],
    ['a surrogate pair in a query', 'bookings', { 'query.sql': `SELECT U&'\\DC00\\D800' AS x` }],
    ['bytes in a query', 'bookings', { 'query.sql': `SELECT convert_from('\\xff00fe'::bytea, 'UTF8')` }],
    ['a NUL as a byte', 'bookings', { 'query.sql': `SELECT '\\x00ff'::bytea AS "x", E'\\x01\\x7f' AS "\u0001"` }],
    ['an error of odd letters', 'bookings', { 'query.sql': `SELECT "\u0001\u007f\u009f\ufffe\uffff"` }],
    ['JSON with a NUL', 'bookings', { 'query.sql': `SELECT '"\\u0000"'::jsonb` }],
    ['an error of its own', 'bookings', { 'query.sql': `SELECT ('x\ufffe' || repeat('\u{1f600}', 2000))::int` }],
  ]
  const found = new Map<string, number>()
  for (const [what, exercise, files] of given) {
    const { id, outcome, report } = await platform.gradeToEnd(learner, { exercise, files })
    assert.ok(!['accepted', 'grader_error', 'null', 'undefined'].includes(outcome), `${what}: ${outcome}`)
    found.set(outcome, (found.get(outcome) ?? 0) + 1)
    assert.equal(report['reportVersion'], 1, `${what}: no report`)
    for (const by of [learner, staff]) {
      const { status, text } = await platform.request('GET', `/api/v1/submissions/${id}/report`, { as: by })
      assert.equal(status, 200)
      JSON.parse(text, (_key, value: unknown) => {
        assert.ok(typeof value !== 'string' || value.isWellFormed(), `${what}: a lone surrogate is in the report: ${JSON.stringify(value)}`)
        return value
      })
    }
    const gradings = (await platform.request('GET', `/api/v1/submissions/${id}/gradings`, { as: staff })).json['items'] as object[]
    assert.equal(gradings.length, 1, `${what}: graded ${gradings.length} times`)
  }

  // And into the service itself.
  const before = await platform.storeRows()
  const post = (payload: string | Uint8Array<ArrayBuffer>) =>
    platform.request('POST', '/api/v1/submissions', { as: learner, payload, headers: { 'content-type': 'application/json' } })
  const json = (files: string, rest = '') => `{"exercise":"bookings","files":${files}${rest}}`
  const bodies: (string | Uint8Array<ArrayBuffer>)[] = [
    json('{"query.sql":"SELECT \\u0000"}'),
    json('{"query.sql":"SELECT \\ud800"}'),
    json('{"query.sql":"SELECT \\udc00\\ud800"}'),
    json('{"query.sql\\u0000":"SELECT 1"}'),
    json('{"query.sql":"SELECT 1"}', ',"mode":"sub\\u0000mit"'),
    `{"exercise":"book\\u0000ings","files":{"query.sql":"SELECT 1"}}`,
    `{"exercise":"\\ud800","files":{"query.sql":"SELECT 1"}}`,
    new Uint8Array(Buffer.from(json('{"query.sql":"SELECT \xff"}'), 'latin1')),
    new Uint8Array(Buffer.from(json('{"query.sql":"SELECT \xed\xa0\x80"}'), 'latin1')),
    new Uint8Array(Buffer.from(json('{"query.sql":"SELECT 1"}'), 'utf16le')),
    `\u0000${json('{"query.sql":"SELECT 1"}')}`,
    `${json('{"query.sql":"SELECT 1"}')}\u0000`,
  ]
  for (const body of bodies) {
    const { status, text } = await post(body)
    assert.ok(status === 400 || status === 422, `${String(body).slice(0, 80)} was answered with ${status} ${text}`)
    assert.ok(text.isWellFormed())
  }
  for (const path of [
    '/api/v1/submissions?owner=%00',
    '/api/v1/submissions?owner=%ED%A0%80',
    '/api/v1/submissions?cursor=sub_%00',
    '/api/v1/submissions/sub_%00',
    '/api/v1/exercises/%00',
    '/api/v1/exercises/%ff',
  ]) {
    const { status } = await platform.request('GET', path, { as: staff })
    assert.ok(status < 500, `${path} was answered with ${status}`)
  }
  assert.deepEqual(await platform.storeRows(), before)
  return `${given.length} submissions graded once each (${[...found].map(([outcome, count]) => `${count} ${outcome}`).join(', ')}); ${bodies.length} bodies refused`
}
