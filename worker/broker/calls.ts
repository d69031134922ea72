import { IMAGE_NAMES } from '../../core/runtimes.ts'
import { Refusal } from './refusal.ts'

/*
 * The calls of the engine's API that a worker needs. A call is read from method and address by this table alone; whatever
 * does not match it to the letter is no call. Addresses hold no escapes: no name of ours needs one.
 */
export type Call =
  | { what: 'ping' | 'version' | 'info' }
  | { what: 'find-images' | 'inspect-image'; ref: string }
  | { what: 'list' }
  | { what: 'create'; name: string }
  | { what: 'inspect' | 'start' | 'kill' | 'pause' | 'unpause' | 'remove'; container: string }
  | { what: 'attach'; container: string }
  | { what: 'wait'; container: string; until: 'not-running' | 'removed' }
  | { what: 'events'; since: string }

type Query = ReadonlyMap<string, string>
type Reading = { method: string; path: RegExp; query: Record<string, RegExp>; read: (words: string[], query: Query) => Call }

const IMAGE = `assay-(?:${IMAGE_NAMES.join('|')}):[0-9a-f]{16}`
const NAME = 'assay-(?:subject|database|examiner|probe)-[0-9a-f]{12}'
const CONTAINER = `([0-9a-f]{12}|[0-9a-f]{64}|${NAME})`
const YES = /^(?:true|1)$/
const SECONDS = /^\d{1,12}(?:\.\d{1,9})?$/

const READINGS: Reading[] = [
  { method: 'GET', path: /^\/_ping$/, query: {}, read: () => ({ what: 'ping' }) },
  { method: 'HEAD', path: /^\/_ping$/, query: {}, read: () => ({ what: 'ping' }) },
  { method: 'GET', path: /^\/version$/, query: {}, read: () => ({ what: 'version' }) },
  { method: 'GET', path: /^\/info$/, query: {}, read: () => ({ what: 'info' }) },
  {
    method: 'GET',
    path: /^\/images\/json$/,
    query: { filters: new RegExp(`^\\{"reference":\\["${IMAGE}"\\]\\}$`) },
    read: (_, query) => ({ what: 'find-images', ref: query.get('filters')!.split('"')[3]! }),
  },
  {
    method: 'GET',
    path: new RegExp(`^/images/(${IMAGE})/json$`),
    query: {},
    read: ([ref]) => ({ what: 'inspect-image', ref: ref! }),
  },
  {
    method: 'GET',
    path: /^\/containers\/json$/,
    query: { all: YES, filters: /^\{"label":\["assay\.box"\]\}$/ },
    read: () => ({ what: 'list' }),
  },
  {
    method: 'POST',
    path: /^\/containers\/create$/,
    query: { name: /^assay-(?:subject|database|examiner)-[0-9a-f]{12}$/ },
    read: (_, query) => ({ what: 'create', name: query.get('name')! }),
  },
  {
    method: 'POST',
    path: new RegExp(`^/containers/${CONTAINER}/attach$`),
    query: { stream: YES, hijack: YES, stdin: YES, stdout: YES, stderr: YES },
    read: ([container]) => ({ what: 'attach', container: container! }),
  },
  ...(['start', 'kill', 'pause', 'unpause'] as const).map((what): Reading => ({
    method: 'POST',
    path: new RegExp(`^/containers/${CONTAINER}/${what}$`),
    query: {},
    read: ([container]) => ({ what, container: container! }),
  })),
  {
    method: 'POST',
    path: new RegExp(`^/containers/${CONTAINER}/wait$`),
    query: { condition: /^(?:not-running|removed)$/ },
    read: ([container], query) => ({ what: 'wait', container: container!, until: query.get('condition') as 'removed' }),
  },
  {
    method: 'GET',
    path: new RegExp(`^/containers/${CONTAINER}/json$`),
    query: {},
    read: ([container]) => ({ what: 'inspect', container: container! }),
  },
  {
    method: 'DELETE',
    path: new RegExp(`^/containers/${CONTAINER}$`),
    query: { force: YES, v: YES },
    read: ([container]) => ({ what: 'remove', container: container! }),
  },
  {
    method: 'GET',
    path: /^\/events$/,
    query: { since: SECONDS, filters: /^\{"label":\["assay\.box"\],"event":\["die","oom"\]\}$/ },
    read: (_, query) => ({ what: 'events', since: query.get('since')! }),
  },
]

/** Reads a request line; throws a Refusal for everything that is not one of the calls above. */
export function readCall(method: string, url: string): Call {
  const [path, query, ...more] = url.split('?')
  // The version of the API that a client asks for: all our calls are in every one.
  const plain = path!.replace(/^\/v1\.\d{1,2}(?=\/)/, '')
  if (!/^\/[A-Za-z0-9_/.:-]*$/.test(plain) || /\/\/|\.\./.test(plain) || more.length > 0)
    throw new Refusal('this address is not one of the engine’s')
  const here = READINGS.filter(reading => reading.path.test(plain))
  const reading = here.find(each => each.method === method)
  if (!reading) throw new Refusal('grading needs no such call')
  return reading.read(reading.path.exec(plain)!.slice(1), readQuery(query ?? '', reading.query))
}

/** Every key once, no other keys, and every value as it must be. */
function readQuery(text: string, wanted: Record<string, RegExp>): Query {
  const query = new Map<string, string>()
  for (const pair of text === '' ? [] : text.split('&')) {
    const [key, value, ...more] = pair.split('=')
    if (!Object.hasOwn(wanted, key!) || value === undefined || more.length > 0)
      throw new Refusal(`"${key}" is not a parameter of this call`)
    if (query.has(key!)) throw new Refusal(`"${key}" is there twice`)
    query.set(key!, decoded(value))
  }
  for (const [key, pattern] of Object.entries(wanted)) {
    if (!pattern.test(query.get(key) ?? '')) throw new Refusal(`"${key}" is not what grading asks for`)
  }
  return query
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    throw new Refusal('a parameter is not well encoded', 400)
  }
}
