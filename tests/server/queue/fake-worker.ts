import { Worker } from 'bullmq'
import { Redis } from 'ioredis'
import type { Outcome } from '../../../core/outcome.ts'
import { claimSchema, heartbeatAnswerSchema, jobSchema, QUEUE_NAME, type Claim, type Heartbeat } from '../../../core/worker-api.ts'
import { QUEUE_PREFIX } from '../../../server/grading-queue.ts'
import { heartbeatOf, reportOf } from '../store/samples.ts'
import { WORKER_TOKEN } from './server-parts.ts'

type Options = {
  url: string
  redisUrl: string
  id?: string
  slots?: number
  /** What becomes of each claim; by default it is accepted at once. A promise that never resolves holds it. */
  grade?: (claim: Claim) => Promise<Outcome>
}

/** Draws real jobs from the real queue and speaks the internal API, but has no engine: it makes up its reports. */
export class FakeWorker implements AsyncDisposable {
  readonly #options: Required<Options>
  readonly #jobs: Worker
  readonly #redis: Redis
  readonly claims: Claim[] = []
  /** Jobs whose claim was refused. */
  readonly refused: string[] = []
  readonly #watchers = new Set<() => void>()

  private constructor(options: Options) {
    this.#options = { id: 'worker-1', slots: 2, grade: () => Promise.resolve('accepted'), ...options }
    this.#redis = new Redis(options.redisUrl, { maxRetriesPerRequest: null, retryStrategy: () => 50 })
    this.#redis.on('error', () => {})
    this.#jobs = new Worker(QUEUE_NAME, job => this.#take(jobSchema.parse(job.data).gradingId), {
      connection: this.#redis,
      prefix: QUEUE_PREFIX,
      concurrency: this.#options.slots,
    })
    this.#jobs.on('error', () => {})
  }

  static async start(options: Options): Promise<FakeWorker> {
    const worker = new FakeWorker(options)
    await worker.beat()
    return worker
  }

  async beat(given: Partial<Heartbeat> = {}): Promise<string[]> {
    const beat = heartbeatOf({ slots: this.#options.slots, ...given })
    const answer = await this.call('POST', `/workers/${this.#options.id}/heartbeat`, beat)
    return heartbeatAnswerSchema.parse(await answer.json()).stop
  }

  report(claim: Claim, outcome: Outcome): Promise<Response> {
    return this.call('POST', `/gradings/${claim.gradingId}/report`, { token: claim.token, report: reportOf(claim, outcome) })
  }

  call(method: string, path: string, body?: unknown): Promise<Response> {
    return fetch(`${this.#options.url}/internal/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${WORKER_TOKEN}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  }

  /** Resolves once so many claims were had. */
  async claimed(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const watch = () => this.claims.length >= count && resolve()
    this.#watchers.add(watch)
    watch()
    await promise.finally(() => this.#watchers.delete(watch))
  }

  async #take(gradingId: string): Promise<void> {
    const answer = await this.call('POST', `/gradings/${gradingId}/claim`, { workerId: this.#options.id })
    if (answer.status === 409) return void this.refused.push(gradingId)
    const claim = claimSchema.parse(await answer.json())
    this.claims.push(claim)
    for (const watch of this.#watchers) watch()
    const outcome = await this.#options.grade(claim)
    await this.report(claim, outcome)
  }

  /** As a killed worker ends: without a word to anybody. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#jobs.close(true)
    this.#redis.disconnect()
  }
}
