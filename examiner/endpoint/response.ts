import type { Response } from '../authoring/http.ts'
import { cleanText } from '../clean-text.ts'
import type { Answer } from './exchange.ts'

/** JSON that is nested deeper is no data; reading into it would fill the stack. */
const NESTING = 200

/** An answer as tests see it. `request` names the request in the words of a failure. */
export function responseOf(request: string, { status, headers, body }: Answer): Response {
  let json: { value: unknown } | undefined
  return {
    status,
    headers: joined(headers),
    cookies: headers.filter(([name]) => name === 'set-cookie').map(([, value]) => value),
    bytes: body,
    get text() {
      return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body)
    },
    get json() {
      json ??= { value: readJson(request, status, body) }
      return json.value
    },
  }
}

function joined(headers: Answer['headers']): Record<string, string> {
  const byName = Map.groupBy(headers, ([name]) => name)
  return Object.fromEntries([...byName].map(([name, all]) => [name, all.map(([, value]) => value).join(', ')]))
}

function readJson(request: string, status: number, body: Buffer): unknown {
  const refuse = (why: string) => new Error(`${request} → ${status}: expected JSON, but ${why}`)
  if (body.length === 0) throw refuse('the body is empty')
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) throw refuse('the body begins with a byte order mark, which JSON has not')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw refuse('the body is not UTF-8')
  }
  if (isNestedDeeper(text, NESTING)) throw refuse(`the body is nested more than ${NESTING} levels deep`)
  try {
    return JSON.parse(text)
  } catch {
    throw refuse(`the body is: ${cleanText(text, 200)}`)
  }
}

function isNestedDeeper(text: string, most: number): boolean {
  let depth = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === 92) at++
      else if (code === 34) inString = false
    } else if (code === 34) inString = true
    else if (code === 91 || code === 123) {
      if (++depth > most) return true
    } else if (code === 93 || code === 125) depth--
  }
  return false
}
