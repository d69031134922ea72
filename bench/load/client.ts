import { Agent, request } from 'undici'

/** What is asked of the API, each kind with its own latencies. */
export type RequestKind = 'hand in' | 'hand in, flooding' | 'read one' | 'list'

export type Client = AsyncDisposable & {
  ask: (
    kind: RequestKind,
    method: 'GET' | 'POST',
    path: string,
    token: string,
    body?: unknown,
  ) => Promise<{ status: number; body: unknown }>
  latencies: Record<RequestKind, number[]>
}

const ANSWER_MS = 60_000

/** Asks as many browsers would, each without waiting for another; notes how long each answer took, to its last byte. */
export function openClient(url: string): Client {
  const dispatcher = new Agent({ connections: 256, pipelining: 1 })
  const latencies: Client['latencies'] = { 'hand in': [], 'hand in, flooding': [], 'read one': [], list: [] }
  return {
    latencies,
    async ask(kind, method, path, token, body) {
      const began = performance.now()
      const answer = await request(`${url}/api/v1${path}`, {
        dispatcher,
        method,
        headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(ANSWER_MS),
      })
      const read = await answer.body.json()
      latencies[kind].push(performance.now() - began)
      return { status: answer.statusCode, body: read }
    },
    [Symbol.asyncDispose]: () => dispatcher.close(),
  }
}
