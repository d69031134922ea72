import { Agent, request } from 'undici'
import { WORKER_TOKEN } from './server-process.ts'

export type Who = { learner: string; staff: readonly string[] }

/** One request, of a name of its own where several are asked together. `as` is a token; `expect` the answer's status where it isn't 200. */
export type Ask = {
  name?: string
  path: string
  as?: string
  method?: 'GET' | 'POST'
  body?: unknown
  expect?: number
  headers?: Record<string, string>
}

const agent = new Agent({ connections: 4, pipelining: 1 })

export function asWorker(path: string, body?: unknown, expected = 200): Ask {
  return { path: `/internal/v1${path}`, as: WORKER_TOKEN, expect: expected, ...(body !== undefined && { method: 'POST', body }) }
}

/** A worker that is there, so that the server is ready and tells how long one waits. */
export function heartbeat(): Ask {
  const engine = { state: 'up', version: '20.10', runtimes: ['runc'] }
  return asWorker('/workers/bench/heartbeat', { slots: 8, gradings: [], engine, disk: { freeBytes: 1e10, totalBytes: 1e11 }, boxes: 0 })
}

/** Milliseconds until the whole answer is here. An answer that wasn't expected is an error: it would be a figure of nothing. */
export async function timed(
  url: string,
  { path, as, method = 'GET', body, expect = 200, headers }: Ask,
): Promise<[ms: number, text: string]> {
  const began = performance.now()
  const answer = await request(url + path, {
    method,
    dispatcher: agent,
    headers: {
      ...(as && { authorization: `Bearer ${as}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await answer.body.text()
  const ms = performance.now() - began
  if (answer.statusCode !== expect)
    throw new Error(`${method} ${path} answered ${answer.statusCode}, expected ${expect}: ${text.slice(0, 300)}`)
  return [ms, text]
}
