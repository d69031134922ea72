import { CommandError, EXIT } from '../errors.ts'
import { problemError, type Problem } from './problem.ts'

/** The public API of a server, as one owner of a token sees it. Failures throw CommandError with what to do about them. */
export type Api = {
  url: string
  /** Sends JSON (or a form), gets JSON; `path` begins behind /api/v1. */
  send(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    request?: { body?: unknown; form?: FormData; headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<unknown>
  /** Opens an answer that goes on, such as events. */
  open(path: string, request: { headers: Record<string, string>; signal: AbortSignal }): Promise<Response>
}

/** No answer came: none will, or it was lost on its way. */
export class Unreachable extends CommandError {
  constructor(serverUrl: string, why: string, cause: unknown) {
    const advice = 'Start one with "npm start", or set ASSAY_URL to the address of yours.'
    super(EXIT.graderFault, `No Assay server answers at ${serverUrl} (${why}). ${advice}`, { cause })
  }
}

const ANSWER_MS = 30_000

export function createApi({ serverUrl, token }: { serverUrl: string; token?: string | undefined }): Api {
  async function request(path: string, init: RequestInit, headers: Record<string, string> = {}): Promise<Response> {
    const url = `${serverUrl}/api/v1${path}`
    let response: Response
    try {
      response = await fetch(url, { ...init, headers: { ...(token && { authorization: `Bearer ${token}` }), ...headers } })
    } catch (error) {
      init.signal?.throwIfAborted()
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)
      throw new Unreachable(serverUrl, cause, error)
    }
    if (response.ok) return response
    throw problemError(response.status, await problemOf(response), {
      retryAfter: response.headers.get('retry-after'),
      hasToken: Boolean(token),
    })
  }

  return {
    url: serverUrl,
    async send(method, path, { body, form, headers, signal } = {}) {
      const limit = AbortSignal.timeout(ANSWER_MS)
      const response = await request(
        path,
        {
          method,
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
          ...(form ? { body: form } : body !== undefined && { body: JSON.stringify(body) }),
        },
        { accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
      )
      return response.status === 204 ? undefined : response.json()
    },
    open: (path, { headers, signal }) => request(path, { signal }, headers),
  }
}

/** Whatever stands before the server (a proxy) may answer with something else than a problem. */
async function problemOf(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => undefined)
  return typeof body === 'object' && body !== null ? body : {}
}
