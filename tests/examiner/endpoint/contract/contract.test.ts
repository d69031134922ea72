import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleOf, collect, grade, hiddenFile, type Grading } from '../../../support/examiner-harness.ts'
import { send, startProbedServer, type ProbedServer } from '../probes/probed-server.ts'
import { CONTRACT, PROGRAMS } from './shelf.ts'

const HOLDS = `async ({ http, contract }) => {
  const own = { ...http, request: (method, path, options) => http.request(method, '/PROGRAM' + path, options) }
  const { json } = await http.post('/PROGRAM/books', { json: { title: 'Ada' } })
  await contract.holds(own, { known: { id: [json.id ?? 'a'] }, succeed: ['addBook', 'getBook'] })
}`
const holds = (program: string) => `test('${program}', { id: '${program}', task: 'one' }, ${HOLDS.replaceAll('PROGRAM', program)})`

const SINGLE = `
  const at = (id, path, operation) => test(id, { id, task: 'one' }, async ({ http, contract }) => contract.expectResponse(await http.get(path), operation))
  at('refused', '/no-header/books', 'listBooks')
  at('gone', '/no-header/books/1', 'getBook')
  at('other', '/no-header/books', 'getBook')
  at('unknown', '/no-header/books', 'findBooks')
  test('thrown', { id: 'thrown', task: 'one' }, ({ http, contract }) => contract.holds({ ...http, request: async () => { throw new Error('by the test itself') } }))
  test('none', { id: 'none', task: 'one' }, ({ http, contract }) => contract.holds(http, { operations: ['getBook'], succeed: ['addBook'] }))`

let server: ProbedServer
let results: Grading['results']

const gradeWith = async (code: string) =>
  (await grade(bundleOf({ 'openapi.yaml': CONTRACT, ...hiddenFile(code) }, { contract: 'openapi.yaml' }), { subject: server.port })).results

beforeAll(async () => {
  server = await startProbedServer({ ...PROGRAMS, 'takes-all': (_, response) => send(response, 201, {}) })
  results = await gradeWith(Object.keys(PROGRAMS).map(holds).join('\n') + SINGLE)
}, 60_000)
afterAll(() => server[Symbol.asyncDispose]())

describe('a program that keeps the contract passes, one that breaks it is told how', () => {
  const CASES: [program: keyof typeof PROGRAMS, ...words: string[]][] = [
    ['right'],
    [
      'any-limit',
      "(openapi.yaml, listBooks) doesn't hold for a request with limit = true: it must be refused with a documented 4xx, the status is 200.",
      `Sent: curl -i "http://localhost:$PORT"'/books?limit=true&tag=old' -H 'x-shelf: `,
    ],
    ['long-titles', 'a request with title = "xxxxxxxxxxxxxxxxxxxxx": it must be refused', `-d '{"title":"xxxxxxxxxxxxxxxxxxxxx"`],
    ['deep-fields', 'a request with parts'],
    ['crashes', 'it must be refused with a documented 4xx, the status is 500'],
    ['as-text', 'the content type is "text/plain", documented for 4'],
    ['no-header', 'a valid request: the header x-count, which addBook must send with 201, is missing', `-d '{"title":"`],
    ['loses-titles', "a valid request: the body is not as documented for 201: the value must have required property 'title'"],
    ['other-status', 'a valid request: the status 200 is not documented for addBook (201, 4XX)'],
    ['refuses', 'None of 20 valid requests of addBook (openapi.yaml) was answered with a 2xx.'],
    ['hangs-up', 'there is no whole answer', 'the program closed the connection without an answer'],
  ]
  test.each(CASES)('%s', (program, ...words) => {
    const { status, message = '' } = results[program]!
    if (words.length === 0) expect({ status, message }).toEqual({ status: 'passed', message: '' })
    else expect(status).toBe('failed')
    for (const each of words) expect(message).toContain(each)
    expect(message.length).toBeLessThan(2_500)
  })
})

test('a finding is made as small as it can be, and is the same when the grading is repeated', async () => {
  expect(results['loses-titles']!.message).toContain(`-d '{"title":"x"}'`)
  const again = (await gradeWith(holds('loses-titles')))['loses-titles']!.message!
  // Ids are the program's own, and the test stands on another line.
  const plain = (message: string) => message.replaceAll(/[0-9a-f-]{36}/g, 'id').split('\nCame:')[0]
  expect(plain(again)).toBe(plain(results['loses-titles']!.message!))
})

test('where no body can hold all that it may hold, what is wrong is tried on others', async () => {
  const oneOf = '{ type: object, properties: { a: { type: string }, b: { type: string } }, oneOf: [{ required: [a] }, { required: [b] }] }'
  const document = `openapi: 3.1.0
info: { title: One of two, version: '1' }
paths:
  /books:
    post:
      operationId: addBook
      requestBody: { required: true, content: { application/json: { schema: ${oneOf} } } }
      responses: { 201: { description: Added. }, 4XX: { description: Refused. } }
`
  const code = `test('it', { id: 'it', task: 'one' }, ({ http, contract }) =>
    contract.holds({ ...http, request: (method, path, options) => http.request(method, '/takes-all' + path, options) }))`
  const bundle = bundleOf({ 'openapi.yaml': document, ...hiddenFile(code) }, { contract: 'openapi.yaml' })
  const { it } = (await grade(bundle, { subject: server.port })).results
  expect(it).toMatchObject({
    status: 'failed',
    message: expect.stringContaining('it must be refused with a documented 4xx, the status is 201'),
  })
})

test('one response is held to its operation', () => {
  expect(results).toMatchObject({ refused: { status: 'passed' }, gone: { status: 'passed' }, other: { status: 'failed' } })
  expect(results['other']!.message).toContain(
    'The answer breaks the contract (openapi.yaml, getBook): the status 422 is not documented for getBook (200, 404).',
  )
  expect(results['unknown']!.message).toContain('expected an operationId of openapi.yaml (listBooks, addBook, getBook), got "findBooks"')
  expect(results['thrown']!.message).toContain('by the test itself')
  expect(results['none']!.message).toContain('"addBook" of succeed is none of the operations that are tried')
})

test.each([
  [
    'a word that JSON Schema has not',
    'title: { type: string, minLength: 1, maxLength: 20 }',
    'title: { type: string, maxLenght: 20 }',
    'line 31: "components.schemas.NewBook": expected JSON Schema 2020-12, got unknown keyword: "maxLenght"',
  ],
  [
    'a pattern that is none',
    "pattern: '^[a-f]{2}$'",
    "pattern: '[a'",
    'line 10: "paths./books.get.parameters.2.schema": expected JSON Schema 2020-12, got ',
  ],
  [
    'a schema that nothing is valid by',
    'minimum: 1, maximum: 9',
    'minimum: 9, maximum: 1',
    'line 8: "paths./books.get.parameters.0.schema": expected a schema by which values can be drawn, got none that is valid in 100 draws',
  ],
])('%s is found when the tests are collected, with its line', async (_what, from, to, words) => {
  expect(CONTRACT).toContain(from)
  const files = { 'openapi.yaml': CONTRACT.replace(from, to), ...hiddenFile("test('it', { id: 'it', task: 'one' }, () => {})") }
  const broken = await collect(bundleOf(files, { contract: 'openapi.yaml' }))
  expect(broken).toMatchObject({ type: 'broken', file: 'openapi.yaml', message: expect.stringContaining(words) })
})
