import type { FastifyInstance } from 'fastify'
import { repeatedName } from './json-names.ts'
import { Problem, pointerTo, type RequestFault } from './problem.ts'
import { invalidRequest } from './validate.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * Above so many strings a body is refused unparsed: parsing a million names would hold up everyone for seconds. One that
     * gives two values to one name is refused too, as the parser would take the last in silence.
     */
    storm?: { maxStrings: number; problem: () => Problem }
  }
}

/**
 * Takes JSON only, in UTF-8 only. The framework would put replacement characters in the place of broken bytes and so
 * grade something else than what was handed in.
 */
export function addJsonBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string
    try {
      text = utf8.decode(body as Buffer)
    } catch {
      done(invalidRequest(brokenText(body as Buffer)))
      return
    }
    const { storm } = request.routeOptions.config
    if (storm && hasMoreStrings(body as Buffer, storm.maxStrings)) return done(storm.problem())
    // A POST without a body, as cancel and requeue take it, may still say that it would be JSON.
    if (text === '') return done(null, undefined)
    void parse(request, text, (error, value: unknown) => {
      if (error) return done(notJson(text))
      const twice = storm && repeatedName(text)
      if (twice) return done(invalidRequest([{ pointer: pointerTo(twice), in: 'body', detail: 'stands there twice' }]))
      done(null, value)
    })
  })
}

const QUOTE = 0x22
const BACKSLASH = 0x5c

function hasMoreStrings(body: Buffer, max: number): boolean {
  let quotes = 0
  for (let at = body.indexOf(QUOTE); at !== -1; at = body.indexOf(QUOTE, at + 1)) {
    let before = at
    while (before > 0 && body[before - 1] === BACKSLASH) before -= 1
    // Behind an odd number of backslashes it is part of a string.
    if ((at - before) % 2 === 0) quotes += 1
    if (quotes > 2 * max) return true
  }
  return false
}

function notJson(text: string): Problem {
  // The parser's words quote the body, which may be a learner's code.
  const detail = isJson(text) ? 'A name in it is reserved: "__proto__", or "prototype" in a "constructor".' : 'The body is not JSON.'
  return new Problem(400, 'invalid-request', 'The request is not as expected', undefined, { errors: [{ pointer: '', in: 'body', detail }] })
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The fields in which broken bytes stand, as far as they can be found. */
function brokenText(body: Buffer): RequestFault[] {
  const found: RequestFault[] = []
  const visit = (value: unknown, path: string[]): void => {
    if (found.length >= 20) return
    if (typeof value === 'string' && value.includes('\uFFFD'))
      found.push({ pointer: pointerTo(path), in: 'body', detail: 'is not valid UTF-8' })
    else if (typeof value === 'object' && value !== null && path.length < 8)
      for (const [key, each] of Object.entries(value)) visit(key.includes('\uFFFD') ? key : each, [...path, key])
  }
  try {
    visit(JSON.parse(body.toString('utf8')), [])
  } catch {
    // Neither UTF-8 nor JSON.
  }
  return found.length > 0 ? found : [{ pointer: '', in: 'body', detail: 'the body is not valid UTF-8' }]
}
