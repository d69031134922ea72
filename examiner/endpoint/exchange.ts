import { Client, type Dispatcher } from 'undici'
import type { Pod } from '../pod.ts'
import { BodyBuffer } from './body-buffer.ts'
import { failureCode, HttpFailure, type HttpFailureCode } from './http-failure.ts'

/*
 * One request and its answer, on a connection of their own. The other end is a learner's program and may send anything, at any
 * pace, for ever: every count has an end here, and the signal ends what is left. Nothing is followed, decoded or used again.
 */
const HEADER_BYTES = 32 * 1024
const HEADERS = 200
const INFORMATIONAL = 20
const BODY_BYTES = 8 * 1024 ** 2

export type Request = { method: string; path: string; headers: Record<string, string>; body?: string | Uint8Array }
export type Answer = { status: number; headers: [name: string, value: string][]; body: Buffer }

/** What the answers of one test may weigh together, so that many at once don't fill the examiner's box. */
export type Allowance = { bytes: number }

/** Throws HttpFailure when there is no whole answer. */
export async function exchange(pod: Pod, request: Request, allowance: Allowance, signal: AbortSignal): Promise<Answer> {
  const words = `${request.method} ${request.path.length > 200 ? `${request.path.slice(0, 200)}…` : request.path}`
  const stop = new AbortController()
  let failure: HttpFailureCode | undefined
  const fail = (code: HttpFailureCode) => {
    failure ??= code
    stop.abort()
  }
  const timeOver = () => fail('time_over')
  signal.addEventListener('abort', timeOver)
  if (signal.aborted) timeOver()
  let answering = false
  const client = new Client('http://localhost', { connect: connectOnce(pod), pipelining: 0, ...LIMITS })
  try {
    let informational = 0
    const answer = await client.request({
      method: request.method,
      path: request.path,
      headers: request.headers,
      body: request.body ?? null,
      signal: stop.signal,
      onInfo: () => {
        if (++informational > INFORMATIONAL) fail('too_many_informational')
      },
    })
    answering = true
    const headers = pairs(answer.headers)
    if (headers.length > HEADERS) fail('too_many_headers')
    return { status: answer.statusCode, headers, body: await whole(answer.body, allowance, fail) }
  } catch (error) {
    throw new HttpFailure(words, failure ?? failureCode(error, answering))
  } finally {
    signal.removeEventListener('abort', timeOver)
    void client.destroy().catch(() => {})
  }
}

const LIMITS = { maxHeaderSize: HEADER_BYTES, headersTimeout: 0, bodyTimeout: 0, allowH2: false }

/** A connection that breaks at once is not tried again behind the test's back. */
function connectOnce(pod: Pod): NonNullable<Client.Options['connect']> {
  let connected = false
  return (_options, callback) => {
    if (connected) return callback(new Error('closed'), null)
    connected = true
    // Not at once: undici would take itself for still connecting.
    queueMicrotask(() => callback(null, pod.openSubject() as never))
  }
}

function pairs(headers: Record<string, string | string[] | undefined>): [string, string][] {
  return Object.entries(headers).flatMap(([name, values]) => [values ?? []].flat().map((value): [string, string] => [name, value]))
}

async function whole(body: Dispatcher.ResponseData['body'], allowance: Allowance, fail: (code: HttpFailureCode) => void): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const buffer = new BodyBuffer()
  body.on('error', reject)
  body.on('end', resolve)
  body.on('close', () => reject(new Error('closed')))
  body.on('data', (chunk: Buffer) => {
    allowance.bytes -= chunk.length
    if (buffer.length + chunk.length > BODY_BYTES) fail('body_too_large')
    else if (allowance.bytes < 0) fail('bodies_too_large')
    else buffer.add(chunk)
  })
  await promise
  return buffer.bytes()
}
