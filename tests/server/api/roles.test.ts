import { describe, expect, test } from 'vitest'
import { TestApi, type Caller } from './api.ts'

const CALLERS = ['nobody', 'other', 'learner', 'staff', 'admin'] as const

describe('who may do what with a submission of a learner', () => {
  test.each<[method: 'GET' | 'POST', path: string, statuses: number[]]>([
    //                          nobody other learner staff admin
    ['GET', '', [401, 404, 200, 200, 200]],
    ['GET', '/report', [401, 404, 200, 200, 200]],
    ['GET', '/files', [401, 404, 200, 200, 200]],
    ['GET', '/gradings', [401, 403, 403, 200, 200]],
    ['POST', '/requeue', [401, 403, 403, 403, 409]],
    ['POST', '/cancel', [401, 404, 409, 409, 409]],
  ])('%s …%s', async (method, path, statuses) => {
    await using api = await TestApi.open()
    const id = await api.submit()
    await api.grade(id)
    const seen = []
    for (const as of CALLERS) seen.push((await api.call(method, `/api/v1/submissions/${id}${path}`, { as })).status)
    expect(seen).toEqual(statuses)
  })

  test('its events', async () => {
    await using api = await TestApi.open()
    const id = await api.submit()
    await api.grade(id)
    const seen = []
    for (const as of CALLERS) seen.push((await api.call('GET', `/api/v1/submissions/${id}/events`, { as })).status)
    expect(seen).toEqual([401, 404, 200, 200, 200])
  })
})

test.each<[caller: Caller, owners: string[]]>([
  ['learner', ['learner@school.test']],
  ['other', ['other@school.test']],
  ['staff', ['other@school.test', 'learner@school.test']],
  ['admin', ['other@school.test', 'learner@school.test']],
])('%s lists the submissions of %j', async (as, owners) => {
  await using api = await TestApi.open()
  await api.submit('learner')
  await api.submit('other')
  const { json } = await api.call('GET', '/api/v1/submissions', { as })
  expect((json['items'] as { owner: string }[]).map(({ owner }) => owner)).toEqual(owners)
})

test("a learner may not ask for another's list, staff may", async () => {
  await using api = await TestApi.open()
  await api.submit('other')
  const url = '/api/v1/submissions?owner=other%40school.test'
  expect((await api.call('GET', url)).status).toBe(403)
  expect((await api.call('GET', url, { as: 'staff' })).json['items']).toHaveLength(1)
})

test('a learner sees no canary of a hidden test in anything; staff see all of it', async () => {
  await using api = await TestApi.open()
  const id = await api.submit()
  await api.grade(id)
  for (const path of ['', '/report', '/events', '/files']) {
    const { text } = await api.call('GET', `/api/v1/submissions/${id}${path}`)
    expect(text).not.toMatch(/canary/i)
  }
  const { text } = await api.call('GET', `/api/v1/submissions/${id}/report`, { as: 'staff' })
  for (const word of ['name', 'message', 'log', 'hint']) expect(text).toContain(`CANARY ${word}`)
})

test.each([
  ['no token', {}],
  ['a token of another scheme', { authorization: 'Basic YTpi' }],
  ['a token that never was', { authorization: `Bearer asy_${'0'.repeat(16)}_${'a'.repeat(43)}` }],
  ['a mistyped token', { authorization: 'Bearer asy_' }],
  ['a very long token', { authorization: `Bearer asy_${'a'.repeat(4000)}` }],
])('%s is answered with 401 before the body is read', async (_what, headers) => {
  await using api = await TestApi.open()
  const { status, headers: answer } = await api.call('POST', '/api/v1/submissions', {
    as: 'nobody',
    headers,
    payload: 'x'.repeat(100),
  })
  expect(status).toBe(401)
  expect(answer['www-authenticate']).toContain('Bearer')
})

test('a right id with a wrong secret, and a revoked token, open nothing', async () => {
  await using api = await TestApi.open()
  const [asy, id, secret] = api.tokens.learner.split('_') as [string, string, string]
  const wrong = `${asy}_${id}_${secret.startsWith('A') ? 'B' : 'A'}${secret.slice(1)}`
  const ask = (token: string) => api.call('GET', '/api/v1/submissions', { as: 'nobody', headers: { authorization: `Bearer ${token}` } })
  expect((await ask(wrong)).status).toBe(401)
  expect((await ask(api.tokens.learner)).status).toBe(200)
  await api.store.revokeToken(id)
  expect((await ask(api.tokens.learner)).status).toBe(401)
})

test("a learner's token does not open the workers' routes, nor the workers' secret the API", async () => {
  await using api = await TestApi.open()
  expect((await api.call('GET', '/internal/v1/exercises', { as: 'admin' })).status).toBe(401)
  const headers = { authorization: 'Bearer the-worker-token-of-this-test' }
  expect((await api.call('GET', '/internal/v1/exercises', { as: 'nobody', headers })).status).toBe(200)
  expect((await api.call('GET', '/api/v1/submissions', { as: 'nobody', headers })).status).toBe(401)
})
