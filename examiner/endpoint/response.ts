import type { Response } from '../authoring/http.ts'
import type { Allowance } from './caps.ts'
import type { Answer } from './exchange.ts'
import { readJson } from './read-json.ts'

const requests = new WeakMap<Response, string>()

/** The request that an answer came to, such as "GET /notes". */
export function requestOf(response: Response): string {
  return requests.get(response) ?? 'the request'
}

/** An answer as tests see it. `request` names the request in the words of a failure. */
export function responseOf(request: string, { status, headers, body }: Answer, allowance: Allowance): Response {
  let text: string | undefined
  let json: { value: unknown } | undefined
  const byName = joined(headers)
  const response: Response = {
    status,
    headers: byName,
    cookies: headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
    bytes: body,
    get text() {
      text ??= new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
      return text
    },
    get json() {
      json ??= { value: readJson(request, status, body, allowance) }
      return json.value
    },
    unpacked: async () => {
      // With Node's zlib, which few tests need.
      const { unpack } = await import('./unpack.ts')
      const bytes = await unpack(request, byName['content-encoding'], body, allowance)
      return responseOf(request, { status, headers: headers.filter(([name]) => name !== 'content-encoding'), body: bytes }, allowance)
    },
  }
  requests.set(response, request)
  return response
}

function joined(headers: Answer['headers']): Record<string, string> {
  const byName = Map.groupBy(headers, ([name]) => name)
  return Object.fromEntries([...byName].map(([name, all]) => [name, all.map(([, value]) => value).join(', ')]))
}
