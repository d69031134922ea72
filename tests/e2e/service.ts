import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Bundle } from '../../core/bundle.ts'
import type { FileMap, Role } from '../../core/submission.ts'
import { ensureFirstTokens } from '../../server/first-tokens.ts'
import { TestProcess } from '../support/process.ts'
import { TestRedis } from '../support/redis.ts'

const root = join(import.meta.dirname, '../..')

/** A whole service of a test's own: Redis, server and worker as processes on a scratch folder, each to be killed and started at will. */
export class Service implements AsyncDisposable {
  readonly folder: string
  readonly url: string
  readonly redis: TestRedis
  readonly tokens: Record<Role, string>
  readonly #environment: Record<string, string>
  readonly #processes: TestProcess[] = []

  private constructor(parts: {
    folder: string
    url: string
    redis: TestRedis
    tokens: Record<Role, string>
    environment: Record<string, string>
  }) {
    this.folder = parts.folder
    this.url = parts.url
    this.redis = parts.redis
    this.tokens = parts.tokens
    this.#environment = parts.environment
  }

  static async open(exercises: Bundle[], settings: Record<string, string> = {}): Promise<Service> {
    const folder = await mkdtemp(join(tmpdir(), 'assay-service-'))
    for (const bundle of exercises) await writeExercise(join(folder, 'exercises', bundle.slug), bundle)
    const redis = await TestRedis.start()
    const port = await freePort()
    const url = `http://127.0.0.1:${port}`
    const environment = {
      HOST: '127.0.0.1',
      PORT: String(port),
      ASSAY_URL: url,
      ASSAY_DATA: join(folder, 'data'),
      ASSAY_EXERCISES: join(folder, 'exercises'),
      ASSAY_WORKER_TOKEN: 'a-worker-token-of-this-test-alone',
      ASSAY_SLOTS: '2',
      // What is tested here is not how old the machine's engine is.
      ASSAY_ACCEPT_OLD_ENGINE: '1',
      REDIS_URL: redis.url,
      ...settings,
    }
    await mkdir(environment.ASSAY_DATA)
    const first = await ensureFirstTokens(`sqlite:${join(environment.ASSAY_DATA, 'assay.sqlite')}`)
    const tokens = Object.fromEntries(first.map(({ role, token }) => [role, token])) as Record<Role, string>
    return new Service({ folder, url, redis, tokens, environment })
  }

  /** Resolves when the API listens. */
  async startServer(): Promise<TestProcess> {
    const server = this.#start('server/main.ts')
    await server.printed(/listening/i)
    return server
  }

  async startWorker(settings: Record<string, string> = {}): Promise<TestProcess> {
    const worker = this.#start('worker/main.ts', settings)
    await worker.printed(/worker takes gradings/)
    return worker
  }

  #start(script: string, settings: Record<string, string> = {}): TestProcess {
    const started = new TestProcess(join(root, script), { ...this.#environment, ...settings })
    this.#processes.push(started)
    return started
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    { role = 'staff', headers = {} }: { role?: Role; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.tokens[role]}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  /** Hands in files and returns the submission's id. */
  async submit(exercise: string, files: FileMap, role: Role = 'learner'): Promise<string> {
    const response = await this.call('POST', '/api/v1/submissions', { exercise, files }, { role })
    const answer = (await response.json()) as { id: string }
    if (response.status !== 202) throw new Error(`${response.status} ${JSON.stringify(answer)}`)
    return answer.id
  }

  /** Follows the events until one of this type and returns its data; connects again when the server was restarted. */
  async event(id: string, type: string): Promise<Record<string, unknown>> {
    for (;;) {
      try {
        const response = await this.call('GET', `/api/v1/submissions/${id}/events`, undefined, { headers: { accept: 'text/event-stream' } })
        const found = await findEvent(response, type)
        if (found) return found
      } catch {
        // The server is away; the event is in its table when it is back.
      }
    }
  }

  async report(id: string, role: Role = 'staff') {
    return (await (await this.call('GET', `/api/v1/submissions/${id}/report`, undefined, { role })).json()) as Record<string, unknown>
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const each of this.#processes.toReversed()) await each[Symbol.asyncDispose]()
    await this.redis[Symbol.asyncDispose]()
    await rm(this.folder, { recursive: true, force: true })
  }
}

async function findEvent(response: Response, type: string): Promise<Record<string, unknown> | undefined> {
  let text = ''
  for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk
    for (const block of text.split('\n\n').slice(0, -1)) {
      if (new RegExp(`^event: ?${type}$`, 'm').test(block))
        return JSON.parse(/^data: ?(.*)$/m.exec(block)?.[1] ?? '{}') as Record<string, unknown>
    }
    text = text.slice(text.lastIndexOf('\n\n') + 2)
  }
  return undefined
}

async function writeExercise(folder: string, { manifest, files }: Bundle): Promise<void> {
  const whole: FileMap = {
    ...files,
    'README.md': `# ${manifest.title}\n\n${manifest.tasks.map(task => `## ${task.title}\n`).join('\n')}`,
    'starter/node/server.js': '// begin here\n',
  }
  for (const [path, content] of Object.entries(whole)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
}

async function freePort(): Promise<number> {
  const probe = createServer()
  await new Promise<void>(resolve => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as { port: number }
  await new Promise(resolve => probe.close(resolve))
  return port
}
