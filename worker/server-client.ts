import { request } from 'undici'
import { z } from 'zod'
import type { Bundle } from '../core/bundle.ts'
import type { Report } from '../core/report.ts'
import type { TestFact } from '../core/tests-list.ts'
import {
  claimSchema,
  exerciseVersionsSchema,
  heartbeatAnswerSchema,
  type Claim,
  type GradingEvent,
  type Heartbeat,
} from '../core/worker-api.ts'
import { BundleCache } from './bundle-cache.ts'

/** The server answered, and what it said is final: the grading is no longer this worker's. */
export class Superseded extends Error {}

/** The server will not take this, however often it is sent. */
export class Refused extends Error {}

/** Answers about what was sent, not about who sent it or when. */
const FINAL = new Set([400, 404, 413, 415, 422])

const TIMEOUT_MS = 15_000

type ClientOptions = { serverUrl: string; workerToken: string; workerId: string }

/** The server's internal API (core/worker-api.ts) as this worker calls it. Throws when the server can't be reached or refuses. */
export class ServerClient {
  readonly #options: ClientOptions
  readonly #bundles = new BundleCache(version => this.#call('GET', `/bundles/${version}`, undefined, z.unknown()))

  constructor(options: ClientOptions) {
    this.#options = options
  }

  async heartbeat(beat: Heartbeat): Promise<string[]> {
    return (await this.#call('POST', `/workers/${this.#options.workerId}/heartbeat`, beat, heartbeatAnswerSchema)).stop
  }

  async exercises() {
    return (await this.#call('GET', '/exercises', undefined, exerciseVersionsSchema)).items
  }

  /** By content hash, held to it, and kept (bundle-cache.ts). Throws GraderError BUNDLE_BROKEN when the content is another. */
  bundle(version: string): Promise<Bundle> {
    return this.#bundles.get(version)
  }

  async putTests(version: string, tests: TestFact[]): Promise<void> {
    await this.#call('PUT', `/exercises/${version}/tests`, { tests })
  }

  /** Undefined when there is nothing to do any more. */
  async claim(gradingId: string): Promise<Claim | undefined> {
    try {
      return await this.#call('POST', `/gradings/${gradingId}/claim`, { workerId: this.#options.workerId }, claimSchema)
    } catch (error) {
      if (error instanceof Superseded) return undefined
      throw error
    }
  }

  async events(gradingId: string, token: number, events: GradingEvent[]): Promise<void> {
    await this.#call('POST', `/gradings/${gradingId}/events`, { token, events })
  }

  async report(gradingId: string, token: number, report: Report, events: readonly GradingEvent[] = []): Promise<void> {
    await this.#call('POST', `/gradings/${gradingId}/report`, { token, report, ...(events.length > 0 && { events }) })
  }

  async giveBack(gradingId: string, token: number, reason: 'engine_away' | 'shutdown', message?: string): Promise<void> {
    await this.#call('POST', `/gradings/${gradingId}/return`, { token, reason, ...(message && { message: message.slice(0, 500) }) })
  }

  async #call<T>(method: 'GET' | 'POST' | 'PUT', path: string, body: unknown, answer: z.ZodType<T>): Promise<T>
  async #call(method: 'GET' | 'POST' | 'PUT', path: string, body: unknown): Promise<void>
  async #call<T>(method: 'GET' | 'POST' | 'PUT', path: string, body: unknown, answer?: z.ZodType<T>): Promise<T | void> {
    const response = await request(`${this.#options.serverUrl}/internal/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${this.#options.workerToken}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headersTimeout: TIMEOUT_MS,
      bodyTimeout: TIMEOUT_MS,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.body.text()
    const { statusCode } = response
    if (statusCode === 409) throw new Superseded(text.slice(0, 300))
    const words = `the server answered ${statusCode} to ${method} ${path}: ${text.slice(0, 300)}`
    if (FINAL.has(statusCode)) throw new Refused(words)
    if (statusCode >= 300) throw new Error(words)
    return answer?.parse(JSON.parse(text))
  }
}
