import type { Http, RequestOptions } from '../authoring/http.ts'
import { Place, untilAccepted } from '../authoring/place.ts'
import type { Pod } from '../pod.ts'
import { CAPS, newAllowance } from './caps.ts'
import { exchange, shown, type Request } from './exchange.ts'
import { rawExchange } from './raw-exchange.ts'
import { responseOf } from './response.ts'
import type { Waiting } from './waiting.ts'

const RAW_WAIT_MS = 500

/** The program over HTTP, for one test. */
export function httpFixture(pod: Pod, signal: AbortSignal, waiting: Waiting): Http {
  const allowance = newAllowance()
  const queue: (() => void)[] = []
  let free: number = CAPS.atOnce
  const request: Http['request'] = async (method, path, options = {}) => {
    const prepared = prepare(method, path, options)
    if (free === 0) await new Promise<void>(resolve => queue.push(resolve))
    else free--
    try {
      const words = shown({ method: prepared.method, path })
      const answer = await waiting.during(`the answer to ${words}`, exchange(pod, prepared, allowance, signal))
      return responseOf(words, answer, allowance)
    } finally {
      const next = queue.shift()
      if (next) next()
      else free++
    }
  }
  const by = (method: string) => (path: string, options?: RequestOptions) => request(method, path, options)
  const slowly: Http['slowly'] = async (method, path, options) => {
    const place = new Place()
    const answer = place.run(() => request(method, path, options))
    // Whoever never asks for it is told by what else they look at.
    answer.catch(() => {})
    await untilAccepted([place])
    return {
      answer,
      finish: () => {
        place.letGo()
        return answer
      },
    }
  }
  const raw: Http['raw'] = (bytes, { waitMs = RAW_WAIT_MS } = {}) =>
    waiting.during('the answer to raw bytes', rawExchange(pod, bytes, { waitMs, allowance, signal }))
  return { request, slowly, raw, get: by('GET'), post: by('POST'), put: by('PUT'), patch: by('PATCH'), delete: by('DELETE') }
}

/** Throws TypeError for what only the author of a test can have got wrong. */
function prepare(method: string, path: string, { json, body, headers = {}, query = {} }: RequestOptions): Request {
  if (!path.startsWith('/')) throw new TypeError(`expected a path that begins with "/", got ${JSON.stringify(path)}`)
  if (json !== undefined && body !== undefined) throw new TypeError('expected either json or body, got both')
  const parameters = new URLSearchParams(
    Object.entries(query).flatMap(([name, all]) => [all].flat().map((value): [string, string] => [name, String(value)])),
  )
  const target = parameters.size === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${parameters.toString()}`
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
  if (json === undefined) return { method: method.toUpperCase(), path: target, headers: own, ...(body !== undefined && { body }) }
  return {
    method: method.toUpperCase(),
    path: target,
    headers: { 'content-type': 'application/json', ...own },
    body: JSON.stringify(json),
  }
}
