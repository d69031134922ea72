import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { rateLimits } from '../../../server/rate-limit.ts'
import type { Heartbeat } from '../../../core/worker-api.ts'
import { StoreUnavailable } from '../../../server/store/store-errors.ts'
import { TestApi } from './api.ts'

const heartbeat: Heartbeat = {
  slots: 2,
  gradings: [],
  engine: { state: 'up', version: '20.10', runtimes: ['runc'] },
  disk: { freeBytes: 1, totalBytes: 2 },
  boxes: 0,
}

describe('readiness', () => {
  test('is there when store, queue, engine and disk are', async () => {
    await using api = await TestApi.open()
    await api.store.heartbeat('w1', heartbeat)
    expect(await api.call('GET', '/readyz', { as: 'nobody' })).toMatchObject({ status: 200, json: { status: 'ready' } })
  })

  test.each([
    ['store', { store: { ping: () => Promise.reject(new Error('locked')) } as never }, heartbeat],
    ['queue', { queue: { state: () => ({ state: 'away' as const, message: 'refused' }) } }, heartbeat],
    ['engine', {}, { ...heartbeat, engine: { state: 'away' as const, message: 'no socket' } }],
    ['engine', {}, undefined],
    ['disk', { disk: async () => ({ freeBytes: 0, totalBytes: 1 }) }, heartbeat],
    ['disk', { disk: () => Promise.reject(new Error('no such folder')) }, heartbeat],
  ])('is 503 and names the %s', async (part, deps, beat) => {
    await using api = await TestApi.open(deps)
    if (beat) await api.store.heartbeat('w1', beat)
    const { status, json } = await api.call('GET', '/readyz', { as: 'nobody' })
    expect(status).toBe(503)
    const down = Object.entries(json['parts'] as Record<string, { state: string }>).filter(([, { state }]) => state === 'down')
    expect(down.map(([name]) => name)).toEqual([part])
  })

  const away = { queue: { state: () => ({ state: 'away' as const, message: 'connect ECONNREFUSED redis.internal:6379' }) } }

  test.each(['nobody', 'learner'] as const)('says nothing of why to %s: addresses and paths are for staff', async as => {
    await using api = await TestApi.open(away)
    const { json, text } = await api.call('GET', '/readyz', { as })
    expect(json['parts']).toMatchObject({ queue: { state: 'down' }, engine: { state: 'down' } })
    expect(text).not.toContain('message')
    expect(text).not.toContain('redis.internal')
  })

  test.each(['staff', 'admin'] as const)('says why to %s', async as => {
    await using api = await TestApi.open(away)
    const { status, json } = await api.call('GET', '/readyz', { as })
    expect(status).toBe(503)
    expect(json['parts']).toMatchObject({ queue: { message: 'Redis is away: connect ECONNREFUSED redis.internal:6379' } })
  })

  test('without a store no token can be looked up: it answers as to nobody, and the log says why, once', async () => {
    const locked = () => Promise.reject(new StoreUnavailable('/data/assay.sqlite is locked'))
    const lines: string[] = []
    const logTo = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    await using api = await TestApi.open({ store: { ping: locked, findToken: locked } as never, logTo })
    for (let asked = 0; asked < 3; asked++) {
      const { status, text } = await api.call('GET', '/readyz', { as: 'staff' })
      expect(status).toBe(503)
      expect(text).not.toContain('assay.sqlite')
    }
    expect(lines.filter(line => line.includes('assay.sqlite is locked'))).toHaveLength(1)
  })

  test('a worker that is silent for long counts no more', async () => {
    await using api = await TestApi.open({ now: () => new Date(Date.now() + 60_000) })
    await api.store.heartbeat('w1', heartbeat)
    expect((await api.call('GET', '/readyz', { as: 'nobody' })).status).toBe(503)
  })
})

test('the process is alive whatever else is down', async () => {
  await using api = await TestApi.open({ store: { ping: () => Promise.reject(new Error('locked')) } as never })
  expect((await api.call('GET', '/livez', { as: 'nobody' })).json).toEqual({ status: 'alive' })
})

test('figures count what was taken in and graded', async () => {
  await using api = await TestApi.open()
  const id = await api.submit()
  await api.submit()
  await api.grade(id)
  const { text } = await api.call('GET', '/metrics', { as: 'staff' })
  for (const line of [
    'assay_submissions_accepted_total{mode="submit"} 2',
    'assay_gradings_total{kind="query",outcome="wrong_answer"} 1',
    'assay_grading_wait_seconds_count 1',
    'assay_grading_duration_seconds_count{kind="query"} 1',
    'assay_gradings_waiting 1',
    'assay_workers 0',
  ])
    expect(text).toContain(line)
  expect(text).toMatch(/assay_http_request_duration_seconds_count\{method="POST",route="\/api\/v1\/submissions",status="202"\} 2/)
})

test('figures tell of the pods that each worker has ready', async () => {
  await using api = await TestApi.open()
  const pool = {
    ready: 3,
    making: 1,
    inUse: 2,
    readyBytes: 7e8,
    taken: { ready: 40, awaited: 5, cold: 6 },
    made: 44,
    failed: 1,
    discarded: 2,
  }
  await api.store.heartbeat('w1', { ...heartbeat, pool })
  const { text } = await api.call('GET', '/metrics', { as: 'staff' })
  for (const line of [
    'assay_pool_pods{worker="w1",state="ready"} 3',
    'assay_pool_pods{worker="w1",state="in_use"} 2',
    'assay_pool_bytes{worker="w1",state="ready"} 700000000',
    'assay_pool_taken_total{worker="w1",how="awaited"} 5',
    'assay_pool_made_total{worker="w1",result="discarded"} 2',
  ])
    expect(text).toContain(line)
})

test.each([
  ['nobody', 401],
  ['learner', 403],
  ['staff', 200],
] as const)('figures are for staff: %s gets %i', async (as, status) => {
  await using api = await TestApi.open()
  expect((await api.call('GET', '/metrics', { as })).status).toBe(status)
})

describe('limits', () => {
  const few = { nobody: 2, learner: 3, staff: 10, admin: 10 }

  test('are counted per token, and say when to come back', async () => {
    await using api = await TestApi.open({ rateLimits: rateLimits(few) })
    for (let at = 0; at < 3; at++) expect((await api.call('GET', '/api/v1/submissions')).status).toBe(200)
    const { status, headers, json } = await api.call('GET', '/api/v1/submissions')
    expect(status).toBe(429)
    expect(json).toMatchObject({ type: 'too-many-requests' })
    expect(Number(headers['retry-after'])).toBeGreaterThan(0)
    expect(headers['ratelimit-limit']).toBe('3')
    expect(headers['ratelimit-remaining']).toBe('0')
    expect((await api.call('GET', '/api/v1/submissions', { as: 'other' })).status).toBe(200)
    expect((await api.call('GET', '/api/v1/submissions', { as: 'staff' })).status).toBe(200)
  })

  test('guard against trying tokens', async () => {
    await using api = await TestApi.open({ rateLimits: rateLimits(few) })
    const statuses = []
    for (let at = 0; at < 4; at++) {
      const headers = { authorization: `Bearer asy_${'0'.repeat(15)}${at}_${'a'.repeat(43)}` }
      statuses.push((await api.call('GET', '/api/v1/submissions', { as: 'nobody', headers })).status)
    }
    expect(statuses).toEqual([401, 401, 429, 429])
  })

  test('are tighter for handing in', async () => {
    await using api = await TestApi.open({ rateLimits: rateLimits(undefined, few) })
    for (let at = 0; at < 3; at++) await api.submit()
    await expect(api.submit()).rejects.toThrow('429')
    expect((await api.call('GET', '/api/v1/submissions')).status).toBe(200)
  })

  test('leave health alone', async () => {
    await using api = await TestApi.open({ rateLimits: rateLimits(few) })
    for (let at = 0; at < 5; at++) expect((await api.call('GET', '/livez', { as: 'nobody' })).status).toBe(200)
  })
})

test('the log holds neither tokens, nor code, nor addresses of people', async () => {
  const lines: string[] = []
  const logTo = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk))
      done()
    },
  })
  await using api = await TestApi.open({ logTo })
  const id = await api.submit('learner', { files: { 'query.sql': 'SELECT secret_code' } })
  await api.call('POST', '/api/v1/submissions', { payload: '{"files":{"query.sql":"SELECT secret_code"' })
  await api.call('GET', '/api/v1/submissions?owner=other%40school.test', { as: 'staff' })
  await api.grade(id)
  await api.call('GET', `/api/v1/submissions/${id}/report`)
  const text = lines.join('')
  expect(text).toContain(id)
  expect(text).not.toContain('secret_code')
  expect(text).not.toContain('school.test')
  expect(text).not.toContain('CANARY')
  for (const token of Object.values(api.tokens)) expect(text).not.toContain(token.slice('asy_0123456789abcdef_'.length))
})

test('answers carry the headers that keep a browser safe', async () => {
  await using api = await TestApi.open()
  const { headers } = await api.call('GET', '/api/v1/exercises', { as: 'nobody' })
  expect(headers['content-security-policy']).toContain("default-src 'none'")
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['x-request-id']).toMatch(/^req_/)
})
