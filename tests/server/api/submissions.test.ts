import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { StoreFull, StoreUnavailable } from '../../../server/store/store-errors.ts'
import { QUERY, layExercise } from '../../core/sample-exercise.ts'
import { TestApi } from './api.ts'

const body = { exercise: 'late-orders', files: { 'query.sql': 'SELECT 1' } }

test('is taken in with 202, its address and its place in the line', async () => {
  await using api = await TestApi.open()
  const { status, headers, json } = await api.call('POST', '/api/v1/submissions', { body })
  expect(status).toBe(202)
  expect(headers['location']).toBe(`/api/v1/submissions/${json['id'] as string}`)
  expect(json).toMatchObject({ state: 'queued', mode: 'submit', runtime: 'sql', outcome: null, queuePosition: 1 })
  expect((await api.call('GET', headers['location']!)).json).toEqual(json)
  expect((await api.call('GET', `${headers['location']}/files`)).json).toEqual({ files: body.files })
})

test('the place in the line counts those before it', async () => {
  await using api = await TestApi.open()
  await api.submit('other')
  const id = await api.submit()
  expect((await api.call('GET', `/api/v1/submissions/${id}`)).json).toMatchObject({ queuePosition: 2, estimatedWaitSeconds: null })
})

test('the same key with the same request gives the same submission, with another one it is refused', async () => {
  await using api = await TestApi.open()
  const headers = { 'idempotency-key': 'once-1' }
  const first = await api.call('POST', '/api/v1/submissions', { body, headers })
  const again = await api.call('POST', '/api/v1/submissions', { body: { ...body, mode: 'submit' }, headers })
  expect(again.json['id']).toBe(first.json['id'])
  const other = await api.call('POST', '/api/v1/submissions', { body: { ...body, files: { 'query.sql': 'SELECT 2' } }, headers })
  expect(other).toMatchObject({ status: 422, json: { type: 'key-reused' } })
  const elses = await api.call('POST', '/api/v1/submissions', { body, headers, as: 'other' })
  expect(elses.json['id']).not.toBe(first.json['id'])
})

test('the same request twice at once under one key makes one submission', async () => {
  await using api = await TestApi.open()
  const headers = { 'idempotency-key': 'once-2' }
  const answers = await Promise.all(Array.from({ length: 10 }, () => api.call('POST', '/api/v1/submissions', { body, headers })))
  expect(new Set(answers.map(({ json }) => json['id'])).size).toBe(1)
})

test('what was accepted is given again whatever has changed since: the disk, the line, the exercise', async () => {
  let freeBytes = 1e12
  const long = { ...body, files: { 'query.sql': 'SELECT id FROM orders -- all' } }
  await using api = await TestApi.open({ config: { maxWaiting: 1 }, disk: async () => ({ freeBytes, totalBytes: 1e12 }) })
  const headers = { 'idempotency-key': 'once-3' }
  const again = () => api.call('POST', '/api/v1/submissions', { body: long, headers })
  const { id } = (await again()).json
  const same = { status: 202, json: { id } }
  expect(await again()).toMatchObject(same)
  freeBytes = 10
  expect(await again()).toMatchObject(same)
  const edited = QUERY['exercise.yaml']!.replace('kind: query', 'kind: query\nlimits: { fileBytes: 20 }')
  await layExercise('late-orders', { 'exercise.yaml': edited }, api.library)
  expect((await api.call('POST', '/api/v1/exercises/reload', { as: 'admin' })).json['faults']).toEqual([])
  expect((await api.call('POST', '/api/v1/submissions', { body: long })).status).toBe(422)
  expect(await again()).toMatchObject(same)
  await rm(join(api.library, 'late-orders'), { recursive: true })
  expect((await api.call('POST', '/api/v1/exercises/reload', { as: 'admin' })).json).toMatchObject({ exercises: 1 })
  expect(await again()).toMatchObject(same)
  const other = await api.call('POST', '/api/v1/submissions', { body: { ...long, mode: 'run' }, headers })
  expect(other).toMatchObject({ status: 422, json: { type: 'key-reused' } })
})

test('a full line answers 503 with Retry-After', async () => {
  await using api = await TestApi.open({ config: { maxWaiting: 1 } })
  await api.submit()
  const { status, headers, json } = await api.call('POST', '/api/v1/submissions', { body })
  expect({ status, type: json['type'] }).toEqual({ status: 503, type: 'line-full' })
  expect(Number(headers['retry-after'])).toBeGreaterThan(0)
})

test('a full disk answers 507 and keeps nothing', async () => {
  await using api = await TestApi.open({ disk: async () => ({ freeBytes: 10, totalBytes: 1e12 }) })
  expect(await api.call('POST', '/api/v1/submissions', { body })).toMatchObject({ status: 507, json: { type: 'disk-full' } })
  expect((await api.call('GET', '/api/v1/submissions')).json['items']).toEqual([])
})

test.each([
  ['is full', new StoreFull(), 507, undefined],
  ['is away', new StoreUnavailable('locked'), 503, '5'],
])('a store that %s', async (_what, error, status, retryAfter) => {
  const accept = () => Promise.reject(error)
  await using api = await TestApi.open({ store: { accept } as never })
  const answer = await api.call('POST', '/api/v1/submissions', { body })
  expect(answer.status).toBe(status)
  expect(answer.headers['retry-after']).toBe(retryAfter)
})

test('what breaks on our side says nothing of why, but names the request', async () => {
  const accept = () => Promise.reject(new Error('SECRET of ours'))
  await using api = await TestApi.open({ store: { accept } as never })
  const response = await api.app.inject({
    method: 'POST',
    url: '/api/v1/submissions',
    headers: { authorization: `Bearer ${api.tokens.learner}` },
    payload: body,
  })
  expect(response.statusCode).toBe(500)
  expect(response.headers['content-type']).toBe('application/problem+json')
  expect(response.json()).toMatchObject({ status: 500, requestId: response.headers['x-request-id'] })
  expect(response.body).not.toContain('SECRET')
})

test('pages go from the newest to the oldest, each once', async () => {
  await using api = await TestApi.open()
  const ids = []
  for (let made = 0; made < 5; made++) ids.push(await api.submit())
  const seen: string[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const { json } = await api.call('GET', `/api/v1/submissions?limit=2${cursor && `&cursor=${cursor}`}`)
    seen.push(...(json['items'] as { id: string }[]).map(({ id }) => id))
    cursor = json['nextCursor'] as string | null
  }
  expect(seen).toEqual(ids.toReversed())
})

test('filters narrow the list; operators find what ended as grader_error and queue it again', async () => {
  await using api = await TestApi.open()
  const broken = await api.submit()
  await api.submit()
  const fault = { outcome: 'grader_error', fault: 'grader', reason: { code: 'IMAGE_MISSING', message: 'CANARY path' } } as const
  await api.grade(broken, fault)
  await api.grade(broken, fault)
  const list = await api.call('GET', '/api/v1/submissions?outcome=grader_error&exercise=late-orders&state=finished', { as: 'staff' })
  expect((list.json['items'] as { id: string }[]).map(({ id }) => id)).toEqual([broken])
  expect((await api.call('GET', `/api/v1/submissions/${broken}/report`)).text).not.toContain('CANARY')
  expect((await api.call('GET', `/api/v1/submissions/${broken}/gradings`, { as: 'staff' })).json['items']).toHaveLength(2)

  const again = await api.call('POST', `/api/v1/submissions/${broken}/requeue`, { as: 'admin' })
  expect(again).toMatchObject({ status: 202, json: { state: 'queued', outcome: null } })
  expect((await api.call('POST', `/api/v1/submissions/${broken}/requeue`, { as: 'admin' })).status).toBe(409)
})

test('cancel ends it at once, and only once', async () => {
  await using api = await TestApi.open()
  const id = await api.submit()
  expect((await api.call('POST', `/api/v1/submissions/${id}/cancel`)).json).toMatchObject({
    state: 'cancelled',
    outcome: 'cancelled',
    queuePosition: null,
  })
  expect(await api.call('POST', `/api/v1/submissions/${id}/cancel`)).toMatchObject({ status: 409, json: { type: 'already-over' } })
})

test('a report comes with the verdict', async () => {
  await using api = await TestApi.open()
  const id = await api.submit()
  expect(await api.call('GET', `/api/v1/submissions/${id}/report`)).toMatchObject({ status: 404, json: { type: 'no-report' } })
  await api.grade(id)
  const { status, json } = await api.call('GET', `/api/v1/submissions/${id}/report`)
  expect(status).toBe(200)
  expect(json).toMatchObject({ reportVersion: 1, outcome: 'wrong_answer', counts: { tests: 2, passed: 1, hidden: 1, hiddenPassed: 0 } })
  expect((await api.call('GET', `/api/v1/submissions/${id}`)).json).toMatchObject({
    state: 'finished',
    outcome: 'wrong_answer',
    score: { earned: 0, possible: 2 },
  })
})

test('pruned files are gone, the verdict stays', async () => {
  await using api = await TestApi.open()
  const id = await api.submit()
  await api.grade(id)
  await api.store.prune(new Date(Date.now() + 60_000).toISOString())
  expect((await api.call('GET', `/api/v1/submissions/${id}/files`)).status).toBe(410)
  expect((await api.call('GET', `/api/v1/submissions/${id}`)).json).toMatchObject({ outcome: 'wrong_answer' })
})
