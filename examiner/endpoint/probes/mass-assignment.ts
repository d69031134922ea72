import { isDeepStrictEqual } from 'node:util'
import type { Response } from '../../authoring/http.ts'
import { answered, attempt, isSuccess } from './attempt.ts'
import { excerpt, notAnswered, shownAnswer, weakness } from './weakness.ts'

export type MassAssignment = {
  /** Sends the request with `extra` added to its fields. */
  send: (extra: Record<string, unknown>) => Promise<Response>
  /** Looks at what became of it, given the answer to `send`. */
  read: (response: Response) => Promise<Response>
  /** What must not stick: values that the object hasn't by itself, such as `{ role: 'admin' }`. Each is sent alone, then all. */
  fields: Record<string, unknown>
  /** Whether the fields have taken effect, by `read`'s answer; by default whether it holds them. */
  stuck?: (read: Response) => boolean
}

export async function massAssignment({ send, read, fields, stuck }: MassAssignment): Promise<void> {
  const plain = await read(await answered('the request without other fields', () => send({})))
  if (!isSuccess(plain)) throw notAnswered('the look at what became of the request', plain)
  const tries = [...Object.entries(fields).map(([name, value]) => ({ [name]: value })), fields]
  for (const extra of tries) {
    const answer = await attempt(() => send(extra))
    if (!isSuccess(answer)) continue
    const after = await read(answer)
    if (!isSuccess(after)) continue
    const found = stuck ? stuck(after) && !stuck(plain) : Object.entries(extra).some(field => has(after, field) && !has(plain, field))
    if (!found) continue
    throw weakness({
      name: `Mass assignment: the request has set ${Object.keys(extra).join(', ')}, which is not its to set`,
      sent: [`the request with ${excerpt(JSON.stringify(extra), 160)} among its fields`],
      came: [`afterwards ${shownAnswer(after)}`],
      why: 'A client may send more fields than its form has. What says who owns something, what somebody may do or what they have is for the program alone to decide.',
      look: 'a whole body that is stored or spread (…body, Object.assign, a loop over its keys into SET). Take out of it by name what the request may set, and nothing else.',
    })
  }
}

function has(response: Response, [name, value]: [string, unknown]): boolean {
  const wanted = plainName(name)
  try {
    return search(response.json, 0)
  } catch {
    return false
  }

  function search(part: unknown, depth: number): boolean {
    if (typeof part !== 'object' || part === null || depth > 20) return false
    if (Array.isArray(part)) return part.some(item => search(item, depth + 1))
    return Object.entries(part).some(([key, own]) => (plainName(key) === wanted && isDeepStrictEqual(own, value)) || search(own, depth + 1))
  }
}

function plainName(name: string): string {
  return name.replaceAll(/[_-]/g, '').toLowerCase()
}
