import type { Client as UndiciClient, Dispatcher } from 'undici'
import { waitAtPlace } from '../authoring/place.ts'
import type { Pod } from '../pod.ts'
import { keepWasmSmall } from '../small-wasm.ts'
import { BodyBuffer } from './body-buffer.ts'
import { CAPS, type Allowance } from './caps.ts'
import { failureCode, HttpFailure, isUnsendable, type HttpFailureCode } from './http-failure.ts'
import { Client } from './undici-client.ts'

/*
 * One request and its answer, on a connection of their own. The other end is a learner's program and may send anything, at any
 * pace, for ever: every count has an end (caps.ts), and the signal ends what is left. Nothing is followed, decoded or used again:
 * an answer that comes too early or too often can only be this request's own, or nobody's.
 */
export type Request = { method: string; path: string; headers: Record<string, string>; body?: string | Uint8Array }
export type Answer = { status: number; headers: [name: string, value: string][]; body: Buffer }

/** Throws HttpFailure when there is no whole answer, TypeError when the request can't be sent at all. */
export async function exchange(pod: Pod, request: Request, allowance: Allowance, signal: AbortSignal): Promise<Answer> {
  const words = shown(request)
  const stop = new AbortController()
  let failure: HttpFailureCode | undefined
  const fail = (code: HttpFailureCode) => {
    failure ??= code
    stop.abort()
  }
  const timeOver = () => fail('time_over')
  signal.addEventListener('abort', timeOver)
  if (signal.aborted) timeOver()
  if (--allowance.requests < 0) fail('too_many_requests')
  let answering = false
  // undici's parser is WebAssembly, too.
  keepWasmSmall()
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
        if (++informational > CAPS.informational) fail('too_many_informational')
      },
    })
    answering = true
    const headers = pairs(answer.headers)
    if (headers.length > CAPS.headers) fail('too_many_headers')
    const body = await whole(answer.body, allowance, fail)
    if (pairs(answer.trailers).length > CAPS.headers) throw new HttpFailure(words, 'too_many_trailers')
    return { status: answer.statusCode, headers, body }
  } catch (error) {
    if (error instanceof HttpFailure) throw error
    if (!failure && isUnsendable(error)) throw new TypeError(`${words} can't be sent`, { cause: error })
    throw new HttpFailure(words, failure ?? failureCode(error, answering))
  } finally {
    signal.removeEventListener('abort', timeOver)
    void client.destroy().catch(() => {})
  }
}

/** A request in the words of a failure. */
export function shown({ method, path }: Pick<Request, 'method' | 'path'>): string {
  return `${method} ${path.length > 200 ? `${path.slice(0, 200)}…` : path}`
}

const LIMITS = { maxHeaderSize: CAPS.headerBytes, headersTimeout: 0, bodyTimeout: 0, allowH2: false }

/** A connection that breaks at once is not tried again behind the test's back. */
function connectOnce(pod: Pod): NonNullable<UndiciClient.Options['connect']> {
  let connected = false
  return (_options, callback) => {
    if (connected) return callback(new Error('closed'), null)
    connected = true
    const connection = pod.openSubject()
    waitAtPlace(connection)
    // Not at once: undici would take itself for still connecting.
    queueMicrotask(() => callback(null, connection as never))
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
    if (buffer.length + chunk.length > CAPS.bodyBytes) fail('body_too_large')
    else if (allowance.bytes < 0) fail('bodies_too_large')
    else buffer.add(chunk)
  })
  await promise
  return buffer.bytes()
}
