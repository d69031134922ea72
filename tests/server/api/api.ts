import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { DestinationStream } from 'pino'
import { ROLES, type FileMap, type Mode, type Role } from '../../../core/submission.ts'
import type { Report, ReportTest } from '../../../core/report.ts'
import type { TestFact } from '../../../core/tests-list.ts'
import { buildApp, type App, type Deps } from '../../../server/app.ts'
import { createHints } from '../../../server/events.ts'
import { openLibrary } from '../../../server/exercises.ts'
import { createLog } from '../../../server/log.ts'
import { createMetrics, gaugeStore, meterStore } from '../../../server/metrics.ts'
import { openStore } from '../../../server/open-store.ts'
import { rateLimits } from '../../../server/rate-limit.ts'
import type { Store } from '../../../server/store/store.ts'
import { ENDPOINT, QUERY, layExercise } from '../../core/sample-exercise.ts'
import { tempFolder } from '../../support/temp-folder.ts'

export const WORKER_TOKEN = 'the-worker-token-of-this-test'
export type Caller = Role | 'other' | 'nobody'

type Answer = { status: number; headers: Record<string, string | undefined>; text: string; json: Record<string, unknown> }
type Call = { body?: unknown; payload?: string | Buffer; headers?: Record<string, string>; as?: Caller }

/** The API on a real store and a real library in a folder of its own. What it answers is held to its own OpenAPI document. */
export class TestApi implements AsyncDisposable {
  readonly app: App
  readonly store: Store
  readonly hints: Deps['hints']
  readonly library: string
  readonly tokens: Record<Exclude<Caller, 'nobody'>, string>
  readonly #folder: ReturnType<typeof tempFolder>
  readonly #isAsDocumented: (method: string, url: string, answer: Answer) => void

  private constructor(parts: Pick<TestApi, 'app' | 'store' | 'hints' | 'library' | 'tokens'>, folder: ReturnType<typeof tempFolder>) {
    this.app = parts.app
    this.store = parts.store
    this.hints = parts.hints
    this.library = parts.library
    this.tokens = parts.tokens
    this.#folder = folder
    this.#isAsDocumented = checker(parts.app)
  }

  static async open(
    given: Partial<Omit<Deps, 'config'>> & { config?: Partial<Deps['config']>; logTo?: DestinationStream } = {},
  ): Promise<TestApi> {
    const { config, logTo, store: wrap, ...deps } = given
    const folder = tempFolder()
    const library = `${folder.path}/exercises`
    await layExercise('hello', ENDPOINT, library)
    await layExercise('late-orders', QUERY, library)
    const hints = given.hints ?? createHints()
    const metrics = createMetrics()
    const now = () => new Date()
    const store = meterStore(await openStore(`sqlite:${folder.path}/assay.sqlite`, hints), metrics, now)
    gaugeStore(metrics, store, now)
    const exercises = await openLibrary(library, store)
    const app = await buildApp({
      store: wrap ? { ...store, ...wrap } : store,
      hints,
      queue: { state: () => ({ state: 'ready' }) },
      library: exercises,
      metrics,
      disk: async () => ({ freeBytes: 1e12, totalBytes: 2e12 }),
      config: { workerToken: WORKER_TOKEN, maxWaiting: 1000, minFreeDiskBytes: 1e6, trustedProxies: [], ...config },
      rateLimits: rateLimits(),
      log: createLog(logTo ? 'trace' : 'silent', logTo),
      now,
      version: '0.0.0',
      ...deps,
    })
    await app.ready()
    const token = async (owner: string, role: Role) => (await store.addToken({ owner, group: 'class', role })).token
    const own = await Promise.all(ROLES.map(async role => [role, await token(`${role}@school.test`, role)] as const))
    const tokens = { ...(Object.fromEntries(own) as Record<Role, string>), other: await token('other@school.test', 'learner') }
    return new TestApi({ app, store, hints, library, tokens }, folder)
  }

  async call(
    method: 'GET' | 'POST' | 'PUT' | 'DELETE',
    url: string,
    { body, payload, headers = {}, as = 'learner' }: Call = {},
  ): Promise<Answer> {
    const sent = payload ?? (body === undefined ? undefined : JSON.stringify(body))
    const response = await this.app.inject({
      method,
      url,
      headers: {
        ...(as !== 'nobody' && { authorization: `Bearer ${this.tokens[as]}` }),
        ...(sent !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { payload: sent }),
    })
    const isJson = /json/.test(String(response.headers['content-type']))
    const answer = {
      status: response.statusCode,
      headers: response.headers as Record<string, string>,
      text: response.body,
      json: isJson ? response.json() : {},
    }
    this.#isAsDocumented(method, url, answer)
    return answer
  }

  /** Hands in and returns the id. */
  async submit(
    as: Exclude<Caller, 'nobody'> = 'learner',
    given: { exercise?: string; files?: FileMap; mode?: Mode } = {},
  ): Promise<string> {
    const { status, json } = await this.call('POST', '/api/v1/submissions', {
      as,
      body: { exercise: 'late-orders', files: { 'query.sql': 'SELECT 1' }, ...given },
    })
    if (status !== 202) throw new Error(`${status} ${JSON.stringify(json)}`)
    return json['id'] as string
  }

  /** Collects the tests and grades a submission as a worker would, with this report. */
  async grade(id: string, report: Partial<Report> = {}): Promise<void> {
    const { gradingId, version } = (await this.store.submission(id))!
    await this.store.keepTests(version, TESTS)
    const claim = (await this.store.claim(gradingId, 'w1'))!
    await this.store.recordEvents(gradingId, claim.token, [
      { type: 'started' },
      { type: 'test', done: 1, total: 2, id: 'few', passed: true },
      { type: 'test', done: 2, total: 2 },
    ])
    await this.store.recordReport(gradingId, claim.token, reportOf(claim, report))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.app.close()
    await this.store.close()
    this.#folder[Symbol.dispose]()
  }
}

const fact = { task: 'late', timeLimitMs: 5000, feedback: 'category' } as const
export const TESTS: TestFact[] = [
  { ...fact, id: 'few', name: 'a few orders', points: 0, visibility: 'visible', file: 'datasets/few.sql' },
  { ...fact, id: 'canary-id', name: 'CANARY name', points: 2, visibility: 'hidden', category: 'empty tables', file: 'datasets/CANARY.sql' },
]

function reportOf(
  { slug, version, seed, mode }: { slug: string; version: string; seed: number; mode: Mode },
  given: Partial<Report>,
): Report {
  const tests: ReportTest[] = [
    { ...TESTS[0]!, status: 'passed', durationMs: 3, earned: 0, log: 'printed' },
    { ...TESTS[1]!, status: 'failed', durationMs: 3, earned: 0, message: 'CANARY message', log: 'CANARY log', hint: 'CANARY hint' },
  ]
  return {
    reportVersion: 1,
    exercise: { slug, version, title: 'Late orders' },
    kind: 'query',
    runtime: 'sql',
    sandboxRuntime: 'runc',
    mode,
    seed,
    outcome: 'wrong_answer',
    fault: 'learner',
    score: { earned: 0, possible: 2 },
    tasks: [{ task: 'late', title: 'Late orders', corePassed: true, earned: 0, possible: 2 }],
    tests,
    output: { open: 'open words', all: 'open words CANARY', bytes: 17, truncated: false },
    timings: { tests: 12 },
    images: { postgres: 'sha256:1' },
    ...given,
  }
}

type Operation = { responses: Record<string, { content?: Record<string, { schema: object }> }> }

/** Throws when an answer isn't one that the document names for this route and status. */
function checker(app: App): (method: string, url: string, answer: Answer) => void {
  const document = app.swagger() as unknown as { paths: Record<string, Record<string, Operation>> }
  const ajv = new Ajv2020({ strict: false, formats: { 'date-time': value => !Number.isNaN(Date.parse(value)) } })
  ajv.addSchema(document, 'api')
  const compiled = new Map<string, ValidateFunction>()
  const routes = Object.keys(document.paths)
    .sort((one, other) => one.split('{').length - other.split('{').length)
    .map(path => ({ path, pattern: new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}(\\?.*)?$`) }))
  return (method, url, { status, headers, text, json }) => {
    const route = routes.find(({ path, pattern }) => pattern.test(url) && document.paths[path]![method.toLowerCase()])
    if (!route) return
    const operation = document.paths[route.path]![method.toLowerCase()]!
    const answer = operation.responses[String(status)]
    if (!answer) throw new Error(`${method} ${route.path} answered ${status}, which is not documented: ${text.slice(0, 500)}`)
    const type = String(headers['content-type']).split(';')[0]!
    if (status === 204 || type === 'text/event-stream' || type === 'text/plain') return
    if (!answer.content?.[type]) throw new Error(`${method} ${route.path} answered ${status} as ${type}, which is not documented`)
    const key = [route.path, method.toLowerCase(), 'responses', status, 'content', type, 'schema'].map(escape).join('/')
    const validate = compiled.get(key) ?? ajv.compile({ $ref: `api#/paths/${key}` })
    compiled.set(key, validate)
    if (!validate(json)) throw new Error(`${method} ${route.path} ${status}: ${ajv.errorsText(validate.errors)} in ${text.slice(0, 500)}`)
  }
}

function escape(part: string | number): string {
  return encodeURIComponent(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))
}
