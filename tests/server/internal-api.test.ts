import { join } from 'node:path'
import Fastify, { type FastifyInstance } from 'fastify'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundleSchema } from '../../core/bundle.ts'
import { claimSchema, exerciseVersionsSchema, heartbeatAnswerSchema } from '../../core/worker-api.ts'
import { internalRoutes } from '../../server/routes/internal/internal.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import type { Store } from '../../server/store/store.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { heartbeatOf, newSubmission, reportOf, SAMPLE, SAMPLE_TESTS } from './store/samples.ts'

let folder: ReturnType<typeof tempFolder>
let store: Store
let app: FastifyInstance

beforeEach(async () => {
  folder = tempFolder()
  store = await openSqliteStore({ path: join(folder.path, 'assay.sqlite') })
  await store.publish([SAMPLE])
  app = Fastify()
  await app.register(internalRoutes, { prefix: '/internal/v1', store, workerToken: 'secret' })
})

afterEach(async () => {
  await app.close()
  await store.close()
  folder[Symbol.dispose]()
})

async function call(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown, authorization = 'Bearer secret') {
  const answer = await app.inject({
    method,
    url: `/internal/v1${path}`,
    headers: { authorization },
    ...(body !== undefined && { payload: body as object }),
  })
  return { status: answer.statusCode, type: answer.headers['content-type'], body: answer.body === '' ? undefined : answer.json() }
}

async function claimed() {
  const accepted = await store.accept(newSubmission())
  if (!('submission' in accepted)) throw new Error(accepted.result)
  const answer = await call('POST', `/gradings/${accepted.submission.gradingId}/claim`, { workerId: 'worker-1' })
  return claimSchema.parse(answer.body)
}

const finishedAs = async (submissionId: string) => (await store.submission(submissionId))!.outcome

test.each(['', 'Bearer ', 'Bearer wrong', 'Bearer secrets', 'Basic secret', 'secret'])('%j opens nothing', async authorization => {
  const answer = await call('GET', '/exercises', undefined, authorization)
  expect(answer).toMatchObject({ status: 401, type: 'application/problem+json', body: { type: 'unauthorized', status: 401 } })
})

test('a token of the public API opens nothing', async () => {
  const { token } = await store.addToken({ owner: 'root', group: 'staff', role: 'admin' })
  expect((await call('GET', '/exercises', undefined, `Bearer ${token}`)).status).toBe(401)
})

test('exercises, bundles and their collected tests', async () => {
  const list = async () => exerciseVersionsSchema.parse((await call('GET', '/exercises')).body).items
  expect(await list()).toEqual([{ slug: 'sum-api', version: SAMPLE.version, collected: false, current: true }])
  const bundle = await call('GET', `/bundles/${SAMPLE.version}`)
  expect(bundle.body).toEqual(SAMPLE)
  expect(bundleSchema.parse(bundle.body).manifest.limits.start).toBe(5000)
  // Without a test nothing could be earned, and the first list stands.
  expect((await call('PUT', `/exercises/${SAMPLE.version}/tests`, { tests: [] })).status).toBe(400)
  expect(await list()).toMatchObject([{ collected: false }])
  expect((await call('PUT', `/exercises/${SAMPLE.version}/tests`, { tests: SAMPLE_TESTS })).status).toBe(204)
  const others = SAMPLE_TESTS.slice(0, 1).map(test => ({ ...test, points: 7 }))
  expect((await call('PUT', `/exercises/${SAMPLE.version}/tests`, { tests: others })).status).toBe(204)
  expect(await store.tests(SAMPLE.version)).toEqual(SAMPLE_TESTS)
  expect(await list()).toMatchObject([{ collected: true }])
  expect((await call('GET', `/bundles/${'0'.repeat(64)}`)).status).toBe(404)
  expect((await call('GET', '/bundles/..%2f..%2fetc')).status).toBe(404)
  expect((await call('PUT', `/exercises/${'0'.repeat(64)}/tests`, { tests: SAMPLE_TESTS })).status).toBe(404)
})

describe('a grading', () => {
  test('from claim through events to its report, which may come twice', async () => {
    const claim = await claimed()
    const { token } = claim
    const events = [{ type: 'progress', phase: 'testing' }]
    expect((await call('POST', `/gradings/${claim.gradingId}/events`, { token, events })).status).toBe(204)
    const report = reportOf(claim, 'accepted')
    expect((await call('POST', `/gradings/${claim.gradingId}/report`, { token, report })).status).toBe(204)
    expect((await call('POST', `/gradings/${claim.gradingId}/report`, { token, report })).status).toBe(204)
    expect(await finishedAs(claim.submissionId)).toBe('accepted')
  })

  test('whatever comes with an older token is superseded', async () => {
    const stale = await claimed()
    const path = `/gradings/${stale.gradingId}`
    expect((await call('POST', `${path}/return`, { token: stale.token, reason: 'shutdown' })).status).toBe(204)
    expect((await call('POST', `${path}/claim`, { workerId: 'worker-2' })).status).toBe(200)
    const superseded = { status: 409, type: 'application/problem+json', body: { type: 'superseded' } }
    const { token } = stale
    expect(await call('POST', `${path}/claim`, { workerId: 'worker-3' })).toMatchObject(superseded)
    expect(await call('POST', `${path}/events`, { token, events: [{ type: 'progress', phase: 'testing' }] })).toMatchObject(superseded)
    expect(await call('POST', `${path}/report`, { token, report: reportOf(stale, 'accepted') })).toMatchObject(superseded)
    expect(await call('POST', `${path}/return`, { token, reason: 'engine_away', message: 'gone' })).toMatchObject(superseded)
    expect(await finishedAs(stale.submissionId)).toBeNull()
  })

  test('a heartbeat says what to stop', async () => {
    const { submissionId, gradingId, token } = await claimed()
    const beat = heartbeatOf({ gradings: [{ id: gradingId, token }] })
    const stop = async () => heartbeatAnswerSchema.parse((await call('POST', '/workers/worker-1/heartbeat', beat)).body).stop
    expect(await stop()).toEqual([])
    await store.cancel(submissionId)
    expect(await stop()).toEqual([gradingId])
  })

  test.each([
    ['a report with an unknown field', 'report', (claim: object) => ({ ...claim, extra: 1 }), '/report/extra'],
    ['a report without an outcome', 'report', (report: object) => ({ ...report, outcome: undefined }), '/report/outcome'],
    ['a report with an invented outcome', 'report', (report: object) => ({ ...report, outcome: 'great' }), '/report/outcome'],
  ])('%s is refused with a pointer, and nothing is recorded', async (_, part, change, pointer) => {
    const claim = await claimed()
    const answer = await call('POST', `/gradings/${claim.gradingId}/${part}`, {
      token: claim.token,
      report: change(reportOf(claim, 'accepted')),
    })
    expect(answer).toMatchObject({ status: 400, body: { type: 'invalid-request', errors: [{ pointer }] } })
    expect(await finishedAs(claim.submissionId)).toBeNull()
  })

  test('events above their cap are refused', async () => {
    const claim = await claimed()
    const events = Array.from({ length: 501 }, () => ({ type: 'test', done: 1, total: 2 }))
    expect((await call('POST', `/gradings/${claim.gradingId}/events`, { token: claim.token, events })).status).toBe(400)
    const huge = [{ type: 'progress', phase: 'x'.repeat(300 * 1024) }]
    expect(await call('POST', `/gradings/${claim.gradingId}/events`, { token: claim.token, events: huge })).toMatchObject({
      status: 413,
      type: 'application/problem+json',
    })
  })
})
