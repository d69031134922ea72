import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { readFiles } from '../../core/read-files.ts'
import type { FileMap, Mode, Role } from '../../core/submission.ts'
import { openStore } from '../../server/open-store.ts'
import { layExercise } from '../core/sample-exercise.ts'
import { Service } from '../e2e/service.ts'
import { filesBelow, halfWritten, rowCounts } from './platform-state.ts'

/*
 * What attacks on the platform are carried out on: one running service for all of them, its server and its worker as
 * processes of their own on a scratch data folder, with a real Redis and the real engine. An attack speaks HTTP to it, or
 * uses the command line, as the people whom it asks for.
 */

/** Somebody with a token of their own, so that nobody's limits are used up by an earlier attack. */
export type Person = { owner: string; group: string; role: Role; token: string }

export type Answer = {
  status: number
  headers: Headers
  bytes: Buffer
  text: string
  /** An empty object when it isn't JSON. */
  json: Record<string, unknown>
}

export type Ask = {
  /** Nobody: without a token. */
  as?: Person
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, under the content type in `headers`. */
  payload?: string | Uint8Array<ArrayBuffer> | FormData
  headers?: Record<string, string>
}

export type NewSubmission = { exercise: string; files: FileMap; mode?: Mode }
export type Graded = { id: string; outcome: string; submission: Record<string, unknown>; report: Record<string, unknown> }

export type Platform = {
  readonly url: string
  /** The secret between server and worker. */
  readonly workerToken: string
  readonly pids: { readonly server: number; readonly worker: number }
  /** A new person; by default a learner in a group of their own. */
  person(given?: { role?: Role; group?: string }): Promise<Person>
  /** `path` from the root: /api/v1/…, /internal/v1/…, /readyz. */
  request(method: string, path: string, ask?: Ask): Promise<Answer>
  /** Hands in and returns the id; throws when it isn't taken. */
  submit(by: Person, submission: NewSubmission): Promise<string>
  /** Waits for a submission's end. */
  end(by: Person, id: string): Promise<Graded>
  gradeToEnd(by: Person, submission: NewSubmission): Promise<Graded>
  /** Files that are accepted in one of ./exercises. */
  rightFiles(exercise: string): Promise<FileMap>
  /** The rows of each table of the store. */
  storeRows(): Promise<Record<string, number>>
  /** What server and worker printed so far. */
  logLines(): { server: readonly string[]; worker: readonly string[] }
  /** The command line as this person uses it, not on a terminal. */
  assay(by: Person, args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }>
  /** Writes an exercise into the library and has it read. Returns what the server says of it. */
  addExercise(slug: string, files: FileMap): Promise<Record<string, unknown>>
  /** What is amiss now, in words: processes, readiness, a benign submission, files, the store's rows. */
  check(): Promise<string[]>
}

const ROOT = resolve(import.meta.dirname, '../..')
const OWN = join(import.meta.dirname, 'exercises')
const EXERCISES = ['greeting', 'bookings']
const WORKER_TOKEN = 'a-worker-token-of-this-test-alone'

/** Starts a service and grades one submission on it, so that everything is there that it makes for itself. */
export async function openPlatform({ dockerHost }: { dockerHost?: string } = {}): Promise<Platform & AsyncDisposable> {
  await using things = new AsyncDisposableStack()
  const service = things.use(
    await Service.open([], {
      ASSAY_WORKER_TOKEN: WORKER_TOKEN,
      ASSAY_ACCEPT_OLD_ENGINE: '1',
      ...(dockerHost && { DOCKER_HOST: dockerHost }),
      ...(process.env['ASSAY_RUNTIME'] && { ASSAY_RUNTIME: process.env['ASSAY_RUNTIME'] }),
    }),
  )
  for (const slug of EXERCISES) await cp(join(OWN, slug), join(service.folder, 'exercises', slug), { recursive: true })
  const data = join(service.folder, 'data')
  const storePath = join(data, 'assay.sqlite')
  const server = await service.startServer()
  const worker = await service.startWorker()
  // Before the service's own end, which is a kill: its boxes go with it.
  things.defer(async () => void (await worker.kill('SIGTERM')))
  const pids = { server: server.pid, worker: worker.pid }
  let persons = 0

  const person: Platform['person'] = async ({ role = 'learner', group } = {}) => {
    const number = ++persons
    const facts = { owner: `person-${number}`, group: group ?? `group-${number}`, role }
    const store = await openStore(`sqlite:${storePath}`)
    try {
      return { ...facts, token: (await store.addToken(facts)).token }
    } finally {
      await store.close()
    }
  }

  const request: Platform['request'] = async (method, path, { as, body, payload, headers } = {}) => {
    const sent = body === undefined ? payload : JSON.stringify(body)
    const response = await fetch(`${service.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(as && { authorization: `Bearer ${as.token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    const text = bytes.toString('utf8')
    const json =
      text !== '' && (response.headers.get('content-type') ?? '').includes('json') ? (JSON.parse(text) as Record<string, unknown>) : {}
    return { status: response.status, headers: response.headers, bytes, text, json }
  }

  const submit: Platform['submit'] = async (by, submission) => {
    const { status, json, text } = await request('POST', '/api/v1/submissions', { as: by, body: submission })
    if (status !== 202) throw new Error(`not taken in: ${status} ${text}`)
    return json['id'] as string
  }

  const end: Platform['end'] = async (by, id) => {
    // The events of a submission end with it.
    await request('GET', `/api/v1/submissions/${id}/events`, { as: by, headers: { accept: 'text/event-stream' } })
    const submission = (await request('GET', `/api/v1/submissions/${id}`, { as: by })).json
    const report = (await request('GET', `/api/v1/submissions/${id}/report`, { as: by })).json
    return { id, outcome: String(submission['outcome']), submission, report }
  }

  const gradeToEnd: Platform['gradeToEnd'] = async (by, submission) => end(by, await submit(by, submission))

  const rightFiles: Platform['rightFiles'] = async exercise => {
    const { files } = await readFiles(join(OWN, exercise, 'submissions/accepted/plain'))
    return files
  }

  /** Over when the worker has nothing left to do for it: its report is a file until the server has said that it took it. */
  const benign = async () => {
    const by = await person()
    const id = await submit(by, { exercise: 'bookings', files: await rightFiles('bookings') })
    const graded = await end(by, id)
    await worker.printed(new RegExp(`"submissionId":"${id}".*"msg":"graded"`))
    return graded
  }
  const first = await benign()
  if (first.outcome !== 'accepted') throw new Error(`the service doesn't grade: ${JSON.stringify(first)}`)
  const known = new Set(await filesBelow(data))

  const platform: Platform = {
    url: service.url,
    workerToken: WORKER_TOKEN,
    pids,
    person,
    request,
    submit,
    end,
    gradeToEnd,
    rightFiles,
    storeRows: async () => rowCounts(storePath),
    logLines: () => ({ server: server.lines, worker: worker.lines }),
    assay: (by, args) =>
      new Promise(done => {
        const environment = { PATH: process.env['PATH'], HOME: service.folder, ASSAY_URL: service.url, ASSAY_TOKEN: by.token }
        execFile(process.execPath, [join(ROOT, 'cli/main.ts'), ...args], { env: environment }, (error, stdout, stderr) =>
          done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
        )
      }),
    async addExercise(slug, files) {
      await layExercise(slug, files, join(service.folder, 'exercises'))
      return (await request('POST', '/api/v1/exercises/reload', { as: await person({ role: 'admin' }) })).json
    },
    async check() {
      const found: string[] = []
      for (const [name, pid] of Object.entries(pids)) if (!existsSync(`/proc/${pid}`)) found.push(`the ${name}'s process is gone`)
      const { status, text } = await request('GET', '/readyz')
      if (status !== 200) found.push(`the service is not ready: ${status} ${text}`)
      const { outcome } = await benign()
      if (outcome !== 'accepted') found.push(`a benign submission right after it got ${outcome}`)
      for (const file of await filesBelow(data)) if (!known.has(file)) found.push(`left in the data folder: ${file}`)
      return [...found, ...halfWritten(storePath)]
    },
  }
  const started = things.move()
  return { ...platform, [Symbol.asyncDispose]: () => started.disposeAsync() }
}
