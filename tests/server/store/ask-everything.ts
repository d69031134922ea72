import { OUTCOMES } from '../../../core/outcome.ts'
import { SUBMISSION_STATES } from '../../../core/submission.ts'
import type { Store, SubmissionFilter } from '../../../server/store/store.ts'
import { TESTS, WORKER_TOKEN, type TestApi } from '../api/api.ts'
import { heartbeatOf, reportOf } from './samples.ts'
import type { catchStatements } from './statements.ts'

type During = ReturnType<typeof catchStatements>['during']

/** Asks every route as whoever may, and has everything done that the server does by itself; returns the routes. */
export async function askEverything(api: TestApi, during: During): Promise<string[]> {
  const { store } = api
  const worker = { headers: { authorization: `Bearer ${WORKER_TOKEN}` } }
  const internal = (method: 'GET' | 'POST' | 'PUT', url: string, body?: unknown) =>
    api.call(method, `/internal/v1${url}`, { ...worker, body })
  const beat = heartbeatOf({ gradings: [{ id: 'grd_none', token: 1 }] })
  const mine = await api.submit()
  const broken = await api.submit()
  const waiting = await api.submit()
  const current = async (id: string) => (await store.submission(id))!
  const claimOf = async (id: string) => (await store.claim((await current(id)).gradingId, 'w1'))!
  await store.keepTests((await current(mine)).version, TESTS)
  const fail = async () => {
    const claim = await claimOf(broken)
    await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'grader_error'))
  }
  await fail()
  await fail()
  const { gradingId, version } = await current(mine)
  const one = `/api/v1/submissions/${mine}`

  const routes: Record<string, () => Promise<unknown>> = {
    'GET /livez': () => api.call('GET', '/livez'),
    'GET /readyz': () => api.call('GET', '/readyz'),
    'GET /metrics': () => api.call('GET', '/metrics', { as: 'staff' }),
    'POST /internal/v1/workers/{id}/heartbeat': () => internal('POST', '/workers/w1/heartbeat', beat),
    'GET /internal/v1/exercises': () => internal('GET', '/exercises'),
    'GET /internal/v1/bundles/{version}': () => internal('GET', `/bundles/${version}`),
    'PUT /internal/v1/exercises/{version}/tests': () => internal('PUT', `/exercises/${version}/tests`, { tests: TESTS }),
    'GET /api/v1/exercises': () => api.call('GET', '/api/v1/exercises'),
    'GET /api/v1/exercises/{slug}': () => api.call('GET', '/api/v1/exercises/hello'),
    'POST /api/v1/exercises/reload': () => api.call('POST', '/api/v1/exercises/reload', { as: 'admin' }),
    'POST /api/v1/submissions': async () => {
      const body = { exercise: 'hello', files: { 'server.js': '//' } }
      for (let times = 0; times < 2; times++) await api.call('POST', '/api/v1/submissions', { body, headers: { 'idempotency-key': 'k' } })
    },
    'GET /api/v1/submissions': async () => {
      for (const query of ['', `cursor=${waiting}`])
        for (const as of ['learner', 'staff'] as const) await api.call('GET', `/api/v1/submissions?${query}`, { as })
    },
    'GET /api/v1/submissions/{id}': async () => {
      for (const id of [mine, waiting, 'sub_none']) await api.call('GET', `/api/v1/submissions/${id}`)
    },
    'POST /internal/v1/gradings/{id}/claim': () => internal('POST', `/gradings/${gradingId}/claim`, { workerId: 'w1' }),
    'POST /internal/v1/gradings/{id}/return': () => internal('POST', `/gradings/${gradingId}/return`, { token: 1, reason: 'shutdown' }),
    'POST /internal/v1/gradings/{id}/events': async () => {
      await internal('POST', `/gradings/${gradingId}/claim`, { workerId: 'w1' })
      await internal('POST', `/gradings/${gradingId}/events`, { token: 2, events: [{ type: 'progress', phase: 'testing' }] })
      await store.heartbeat('w1', beat)
    },
    'POST /internal/v1/gradings/{id}/report': async () => {
      const { slug, mode } = await current(mine)
      await internal('POST', `/gradings/${gradingId}/report`, { token: 2, report: reportOf({ slug, version, seed: 1, mode }, 'accepted') })
    },
    'GET /api/v1/submissions/{id}/report': () => api.call('GET', `${one}/report`),
    'GET /api/v1/submissions/{id}/files': () => api.call('GET', `${one}/files`),
    'GET /api/v1/submissions/{id}/gradings': () => api.call('GET', `${one}/gradings`, { as: 'staff' }),
    'GET /api/v1/submissions/{id}/events': async () => {
      for (const last of ['', '2']) await api.call('GET', `${one}/events`, { headers: { 'last-event-id': last } })
    },
    'POST /api/v1/submissions/{id}/cancel': () => api.call('POST', `/api/v1/submissions/${waiting}/cancel`),
    'POST /api/v1/submissions/{id}/requeue': () => api.call('POST', `/api/v1/submissions/${broken}/requeue`, { as: 'admin' }),
  }
  for (const [route, ask] of Object.entries(routes)) await during(route, ask)

  const soon = new Date(Date.now() + 60_000).toISOString()
  const itself: Partial<Record<keyof Store, () => Promise<unknown>>> = {
    submissions: async () => {
      for (const filter of filters())
        for (const cursor of [undefined, mine]) await store.submissions(filter, { limit: 9, ...(cursor && { cursor }) })
    },
    next: () => store.next(4, 1),
    dispatch: async () => store.dispatch([(await current(broken)).gradingId]),
    dispatched: () => store.dispatched(soon),
    placeInLine: () => store.placeInLine(broken),
    undispatch: async () => store.undispatch([(await current(broken)).gradingId]),
    claim: () => claimOf(broken),
    returnLost: () => store.returnLost(soon),
    prune: () => store.prune(soon),
    tokens: () => store.tokens(),
    addToken: () => store.addToken({ owner: 'ada', group: 'class', role: 'learner' }),
    revokeToken: () => store.revokeToken('none'),
    giveBack: async () => {
      const claim = await claimOf(broken)
      await store.giveBack(claim.gradingId, claim.token, 'engine_away')
    },
  }
  for (const [name, work] of Object.entries(itself)) await during(`store.${name}`, work)
  return Object.keys(routes)
}

/** Every set of filters, and of state and outcome those that lead to other statements. */
export function filters(): SubmissionFilter[] {
  const all = (name: keyof SubmissionFilter, values: readonly string[]) => (filter: SubmissionFilter) => [
    filter,
    ...values.map(value => ({ ...filter, [name]: value })),
  ]
  return [{}]
    .flatMap(all('owner', ['ada']))
    .flatMap(all('group', ['class']))
    .flatMap(all('slug', ['hello']))
    .flatMap(all('state', SUBMISSION_STATES))
    .flatMap(all('outcome', OUTCOMES.slice(0, 3)))
}
