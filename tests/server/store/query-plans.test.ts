import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { OUTCOMES } from '../../../core/outcome.ts'
import { SUBMISSION_STATES } from '../../../core/submission.ts'
import { chooseIndex } from '../../../server/store/choose-index.ts'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import type { Store, SubmissionFilter } from '../../../server/store/store.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { TestApi, TESTS, WORKER_TOKEN } from '../api/api.ts'
import { routesOf } from '../api/routes-of.ts'
import { heartbeatOf, reportOf } from './samples.ts'
import { catchStatements, planOf, pretendGrown } from './statements.ts'

/*
 * No statement that the server has the store do looks at a whole table: with a million submissions it would stop everybody
 * for as long. All routes are asked, and all methods of the store are called; what they have SQLite do is caught, and
 * SQLite is asked how it would do it.
 */

/** What may be read whole, and why. */
const SCANS: Record<string, string> = {
  workers: 'those of the last day',
  sqlite_master: 'the tables, at the start',
  CONSTANT: 'no table at all',
}
/** Whole statements that may do more, by how they begin, and why. */
const EXCEPTIONS: { statement: RegExp; step: RegExp; why: string }[] = [
  {
    statement: /^select "submissions"\.\*, "gradings"\."version" from (?!.* where ).* order by "submissions"\."id" desc limit \?$/,
    step: /^SCAN submissions USING INDEX sqlite_autoindex_submissions_1$/,
    why: 'the newest of all: read backwards from the end, every row is shown, and it stops at its limit',
  },
  {
    statement: /from "tokens" order by/,
    step: /^SCAN tokens$|^USE TEMP B-TREE FOR ORDER BY$/,
    why: 'assay token list, no request: it prints all of them',
  },
  { statement: /from "sqlite_master"/, step: /TEMP B-TREE|^SCAN p VIRTUAL/, why: 'the tables and their columns, at the start' },
]

let caught: ReadonlyMap<string, ReadonlySet<string>>
let asked: string[]
let served: string[]
let methodsCalled: ReadonlySet<string>
let methods: string[]
let indicesWithoutFigures: string[]
const folder = tempFolder()
const path = join(folder.path, 'plans.sqlite')
const plain = join(folder.path, 'plain.sqlite')

beforeAll(async () => {
  await lookOn()
  for (const each of [path, plain]) await (await openSqliteStore({ path: each })).close()
  indicesWithoutFigures = pretendGrown(path)
})

async function lookOn(): Promise<void> {
  using statements = catchStatements()
  caught = statements.caught
  await using api = await statements.during('starting', () => TestApi.open())
  methodsCalled = watchMethods(api.store)
  methods = Object.keys(api.store)
  asked = await askEverything(api, statements.during)
  served = routesOf(api.app)
}
afterAll(() => folder[Symbol.dispose]())

test('every route was asked, so that a new one is looked at, too', () => {
  expect(asked.toSorted()).toEqual(served.toSorted())
})

test('every method of the store was called', () => {
  expect(methods.filter(name => !methodsCalled.has(name))).toEqual(['backup'])
})

test('there are figures of a grown store for every index', () => {
  expect(indicesWithoutFigures).toEqual([])
})

test.each([
  { store: 'with the statistics of a million submissions', file: path },
  { store: 'without statistics, as the server leaves it', file: plain },
])('no statement looks at a whole table, $store', ({ file }) => {
  const database = new Database(file, { readonly: true })
  expect(caught.size).toBeGreaterThan(50)
  const faults = [...caught].flatMap(([statement, during]) =>
    planOf(database, statement)
      .filter(step => !isBounded(step, statement))
      .map(step => `${step} (${[...during].join(', ')}) in ${statement}`),
  )
  database.close()
  expect(faults).toEqual([])
})

test('a list goes by the index of the filter that was chosen, with and without statistics', async () => {
  for (const file of [path, plain]) {
    using statements = catchStatements()
    const store = await openSqliteStore({ path: file })
    const database = new Database(file, { readonly: true })
    for (const filter of filters()) {
      const { indexed } = chooseIndex(filter) ?? {}
      if (!indexed || Object.keys(indexed).length === 0) continue
      await statements.during(JSON.stringify([file, filter]), () => store.submissions(filter, { limit: 9, cursor: 'sub_1' }))
      const [statement] = [...statements.caught].findLast(([, during]) => during.has(JSON.stringify([file, filter])))!
      const columns = { owner: 'owner', group: 'group_name', slug: 'slug', state: 'state', outcome: 'outcome' }
      const terms = Object.keys(indexed).map(name => `${columns[name as keyof typeof columns]}=? AND `)
      expect(planOf(database, statement), JSON.stringify(filter)).toContainEqual(
        expect.stringMatching(new RegExp(`^SEARCH submissions USING INDEX \\w+ \\(${terms.join('').replaceAll('?', '\\?')}id<\\?\\)$`)),
      )
    }
    database.close()
    await store.close()
  }
})

test('an index that is dropped shows', () => {
  const database = new Database(plain)
  database.prepare('begin').run([])
  database.prepare('drop index gradings_submission').run([])
  const [statement] = [...caught].find(([text]) => text.includes('from "gradings" where "submission_id" = ? order by "id"'))!
  expect(planOf(database, statement).filter(step => !isBounded(step, statement))).toEqual([expect.stringMatching(/^SCAN gradings/)])
  database.prepare('rollback').run([])
  database.close()
})

function isBounded(step: string, statement: string): boolean {
  if (EXCEPTIONS.some(each => each.statement.test(statement) && each.step.test(step))) return true
  // An index made for this once is a scan that doesn't say so.
  if (/AUTOMATIC/.test(step)) return false
  const scanned = /^SCAN (\S+)/.exec(step)?.[1]
  if (scanned !== undefined) return scanned in SCANS
  return !/TEMP B-TREE/.test(step)
}

/** Notes which methods are called, where they stand: the routes hold this very store. */
function watchMethods(store: Store): ReadonlySet<string> {
  const called = new Set<string>()
  for (const [name, method] of Object.entries(store)) {
    const watched = (...given: unknown[]) => {
      called.add(name)
      return (method as (...given: unknown[]) => unknown)(...given)
    }
    Object.assign(store, { [name]: watched })
  }
  return called
}

type During = ReturnType<typeof catchStatements>['during']

/** Asks every route as whoever may, and has everything done that the server does by itself; returns the routes. */
async function askEverything(api: TestApi, during: During): Promise<string[]> {
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
function filters(): SubmissionFilter[] {
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
