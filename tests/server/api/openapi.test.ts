import { validate } from '@scalar/openapi-parser'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestApi } from './api.ts'
import { routesOf } from './routes-of.ts'

type Schema = { $ref?: string }
type Operation = {
  operationId: string
  summary: string
  security?: object[]
  requestBody?: { content: Record<string, { schema: Schema }> }
  responses: Record<string, { content?: Record<string, { schema: Schema }> }>
}

let api: TestApi
let document: { openapi: string; paths: Record<string, Record<string, Operation>>; components: { schemas: Record<string, unknown> } }
beforeAll(async () => {
  api = await TestApi.open()
  document = (await api.call('GET', '/openapi.json', { as: 'nobody' })).json as typeof document
})
afterAll(() => api[Symbol.asyncDispose]())

test('the document is valid OpenAPI 3.1', async () => {
  expect(document.openapi).toMatch(/^3\.1\./)
  const { valid, errors } = await validate(JSON.stringify(document))
  expect(errors ?? []).toEqual([])
  expect(valid).toBe(true)
})

test('every route is in it, apart from the workers’ own and the document itself', () => {
  const served = routesOf(api.app).filter(route => !route.includes('/internal/'))
  const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.keys(operations).map(method => `${method.toUpperCase()} ${path}`),
  )
  expect(served.length).toBeGreaterThan(10)
  expect(documented.sort()).toEqual(served.sort())
})

test('every operation has a name of its own, a summary, an answer with a schema, and problems for what it refuses', () => {
  const operations = Object.values(document.paths).flatMap(path => Object.values(path))
  expect(new Set(operations.map(operation => operation.operationId)).size).toBe(operations.length)
  for (const { operationId, summary, responses, security } of operations) {
    expect(summary, operationId).toBeTruthy()
    const [good] = Object.keys(responses).filter(status => status.startsWith('2'))
    expect(Object.values(responses[good!]!.content ?? {})[0]?.schema, operationId).toBeDefined()
    if (!isOpen(security)) expect(responses, operationId).toHaveProperty('401')
    for (const [status, { content }] of Object.entries(responses))
      if (status.startsWith('4')) expect(Object.keys(content ?? {}), `${operationId} ${status}`).toEqual(['application/problem+json'])
  }
})

test('it names no schema that nothing refers to, and none twice', () => {
  const text = JSON.stringify(document)
  for (const name of Object.keys(document.components.schemas)) expect(text).toContain(`"#/components/schemas/${name}"`)
  expect(Object.keys(document.components.schemas).filter(name => name.endsWith('Input'))).toEqual([])
})

test('a submission comes as JSON or as a form with a file, each with a schema of its own', () => {
  const { content } = document.paths['/api/v1/submissions']!['post']!.requestBody!
  expect(Object.keys(content)).toEqual(['application/json', 'multipart/form-data'])
  expect(content['multipart/form-data']!.schema).toEqual({ $ref: '#/components/schemas/NewSubmissionForm' })
  expect(document.components.schemas['NewSubmissionForm']).toMatchObject({
    required: ['exercise', 'archive'],
    properties: { archive: { type: 'string', format: 'binary' }, mode: { enum: ['run', 'submit'] } },
  })
})

test('only health and the list of exercises are open', () => {
  const open = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.values(operations).flatMap(({ security }) => (isOpen(security) ? [path] : [])),
  )
  expect(open.sort()).toEqual(['/api/v1/exercises', '/livez', '/readyz'])
  // Answered without a token, and more fully with one.
  expect(document.paths['/readyz']!['get']!.security).toEqual([{}, { token: [] }])
})

test('the page to browse it loads nothing from elsewhere', async () => {
  const { status, headers, text } = await api.call('GET', '/reference/', { as: 'nobody' })
  expect(status).toBe(200)
  const policy = String(headers['content-security-policy'])
  expect(policy).toMatch(/script-src 'self' 'sha256-/)
  expect(policy).not.toContain('http')
  expect(text.match(/https?:\/\//g)).toBeNull()
  const script = await api.call('GET', '/reference/js/scalar.js', { as: 'nobody' })
  expect(script.status).toBe(200)
  expect(String(script.headers['content-type'])).toContain('javascript')
})

/** No token at all, or one among other ways. */
function isOpen(security: object[] | undefined): boolean {
  return security !== undefined && (security.length === 0 || security.some(way => Object.keys(way).length === 0))
}
