import type { Response } from '../authoring/http.ts'
import type { Allowance } from './caps.ts'
import type { Answer } from './exchange.ts'
import { readJson } from './read-json.ts'

/** An answer as tests see it. `request` names the request in the words of a failure. */
export function responseOf(request: string, { status, headers, body }: Answer, allowance: Allowance): Response {
  let text: string | undefined
  let json: { value: unknown } | undefined
  const byName = joined(headers)
  return {
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
}

function joined(headers: Answer['headers']): Record<string, string> {
  const byName = Map.groupBy(headers, ([name]) => name)
  return Object.fromEntries([...byName].map(([name, all]) => [name, all.map(([, value]) => value).join(', ')]))
}
