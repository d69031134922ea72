import { cleanText } from '../clean-text.ts'
import { CAPS, type Allowance } from './caps.ts'

/**
 * A body as JSON (RFC 8259, and I-JSON's rule that names are unique). Refuses what two readers could take for two different
 * things: bytes that are no UTF-8, a byte order mark, a name that stands twice, a number that becomes Infinity. Counted before
 * it is parsed, since parsing is where a small body becomes large. A lone surrogate, written as an escape, stays as it is.
 * Throws an Error with the reason in words; `request` names the request in them.
 */
export function readJson(request: string, status: number, body: Buffer, allowance: Allowance): unknown {
  const refuse = (why: string) => new Error(`${request} → ${status}: expected JSON, but ${why}`)
  if (body.length === 0) throw refuse('the body is empty')
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) throw refuse('the body begins with a byte order mark, which JSON has not')
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body)
  } catch {
    throw refuse('the body is not UTF-8')
  }
  const { values, members, tooDeep } = count(text)
  if (tooDeep) throw refuse(`the body is nested more than ${CAPS.jsonDepth} levels deep`)
  allowance.jsonValues -= values
  if (allowance.jsonValues < 0) throw refuse('this test has read more than a million JSON values')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw refuse(`the body is: ${cleanText(text, 200)}`)
  }
  const parsed = look(value)
  if (parsed.infinite) throw refuse('a number in the body is larger than any double')
  if (parsed.members < members) throw refuse('an object in the body has the same name twice')
  return value
}

/** Goes over the text once: how many values and members it has, and whether it is nested too deep to be looked at further. */
function count(text: string): { values: number; members: number; tooDeep: boolean } {
  let depth = 0
  let values = 1
  let members = 0
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (inString) {
      if (code === BACKSLASH) at++
      else if (code === QUOTE) inString = false
    } else if (code === QUOTE) inString = true
    else if (code === COMMA) values++
    else if (code === COLON) members++
    else if (code === ARRAY || code === OBJECT) {
      values++
      if (++depth > CAPS.jsonDepth) return { values, members, tooDeep: true }
    } else if (code === ARRAY_END || code === OBJECT_END) depth--
  }
  return { values, members, tooDeep: false }
}

const [QUOTE, COMMA, COLON, ARRAY, BACKSLASH, ARRAY_END, OBJECT, OBJECT_END] = [0x22, 0x2c, 0x3a, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d]

/** Of two members of one name the last is kept: there are then fewer of them than colons in the text. */
function look(value: unknown): { members: number; infinite: boolean } {
  const found = { members: 0, infinite: false }
  visit(value)
  return found

  function visit(part: unknown): void {
    if (part === Infinity || part === -Infinity) found.infinite = true
    if (typeof part !== 'object' || part === null) return
    if (Array.isArray(part)) {
      for (const item of part) visit(item)
      return
    }
    for (const name in part) {
      found.members++
      visit((part as Record<string, unknown>)[name])
    }
  }
}
