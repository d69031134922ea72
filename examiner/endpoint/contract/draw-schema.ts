import type { Arbitrary } from 'fast-check'
import { fc } from '../../authoring/fast-check.ts'
import type { Schema, Schemas } from './schemas.ts'

/** Deeper than this only what must be there is drawn: a schema may hold itself. */
const DEPTH = 4
/** Of texts whose longest isn't said, or is far away. */
const LENGTH = 30
/** A longest text is drawn as well, where it isn't longer than this. */
const LONGEST = 5_000
const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz')
/** Of numbers without bounds: what every program and column holds. */
const NUMBER = 1_000_000

/** `full`: everything that may be there is. */
export type How = { full?: boolean; depth?: number }

type Words = Readonly<Record<string, unknown>>

/**
 * Values by a schema: most of what is drawn is valid by it, and whoever needs to know asks the validator. Texts have no control
 * characters and no lone surrogates unless a pattern asks for them, since few programs take them and no document says that they do.
 */
export function drawSchema(schema: Schema, schemas: Schemas, how: How = {}): Arbitrary<unknown> {
  // What must hold itself without end is cut; the validator says whether that will do.
  if ((how.depth ?? 0) > DEPTH + 1) return fc.constant(null)
  const words = schemas.resolve(schema)
  if (typeof words === 'boolean') return fc.constantFrom(1, 'a', true)
  if ('const' in words) return fc.constant(words['const'])
  if (Array.isArray(words['enum'])) return fc.constantFrom(...(words['enum'] as unknown[]))
  const any = (words['oneOf'] ?? words['anyOf']) as Schema[] | undefined
  if (any?.length) {
    const { oneOf: _one, anyOf: _any, ...beside } = words
    return fc.oneof(...any.map(each => drawSchema(both(beside, schemas.resolve(each)), schemas, how)))
  }
  const all = words['allOf'] as Schema[] | undefined
  if (all?.length) {
    const { allOf: _, ...beside } = words
    return drawSchema(all.map(each => schemas.resolve(each)).reduce(both, beside), schemas, how)
  }
  const types = [words['type'] ?? typeBy(words)].flat() as string[]
  return fc.oneof(...types.map(type => ofType(type, words, schemas, how)))
}

function both(one: Schema, other: Schema): Schema {
  if (typeof one === 'boolean' || typeof other === 'boolean')
    return one === false || other === false ? false : typeof one === 'boolean' ? other : one
  const lists = (word: string) => [...((one[word] as unknown[] | undefined) ?? []), ...((other[word] as unknown[] | undefined) ?? [])]
  const merged: Record<string, unknown> = { ...one, ...other }
  if ('properties' in one && 'properties' in other)
    merged['properties'] = { ...(one['properties'] as object), ...(other['properties'] as object) }
  if ('required' in one && 'required' in other) merged['required'] = [...new Set(lists('required'))]
  return merged
}

function typeBy(words: Words): string {
  if ('properties' in words || 'required' in words) return 'object'
  if ('items' in words) return 'array'
  return ['minimum', 'maximum', 'multipleOf'].some(word => word in words) ? 'number' : 'string'
}

function ofType(type: string, words: Words, schemas: Schemas, how: How): Arbitrary<unknown> {
  if (type === 'null') return fc.constant(null)
  if (type === 'boolean') return fc.boolean()
  if (type === 'integer' || type === 'number') return numbers(type, words)
  if (type === 'array') return lists(words, schemas, how)
  if (type === 'object') return objects(words, schemas, how)
  return texts(words)
}

function numbers(type: string, words: Words): Arbitrary<unknown> {
  const number = (word: string) => (typeof words[word] === 'number' ? words[word] : undefined)
  const step = number('multipleOf') ?? (type === 'integer' ? 1 : 0.25)
  const least = Math.max(number('minimum') ?? -Infinity, (number('exclusiveMinimum') ?? -Infinity) + step)
  const most = Math.min(number('maximum') ?? Infinity, (number('exclusiveMaximum') ?? Infinity) - step)
  const from = Number.isFinite(least) ? least : Math.min(-NUMBER, Number.isFinite(most) ? most - NUMBER : 0)
  const to = Number.isFinite(most) ? most : Math.max(NUMBER, from + NUMBER)
  const [first, last] = [Math.ceil(from / step), Math.floor(to / step)]
  // Whole steps, so that no fraction is one that only binary has.
  return fc.integer({ min: Math.max(first, -(2 ** 53)), max: Math.max(first, Math.min(last, 2 ** 53)) }).map(steps => steps * step)
}

const TEXTS: Record<string, () => Arbitrary<string>> = {
  uuid: () => fc.uuid({ version: 4 }),
  email: () => fc.tuple(letters(8), letters(6)).map(([name, host]) => `${name}@${host}.example`),
  'date-time': () => days().map(day => day.toISOString()),
  date: () => days().map(day => day.toISOString().slice(0, 10)),
  uri: () => letters(8).map(name => `https://${name}.example/`),
  'uri-reference': () => letters(8).map(name => `/${name}`),
}

function days(): Arbitrary<Date> {
  return fc.date({ min: new Date('2000-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
}

function letters(most: number): Arbitrary<string> {
  return fc.string({ unit: fc.constantFrom(...LETTERS), minLength: 1, maxLength: most })
}

function texts({ minLength = 0, maxLength = LENGTH, pattern, format }: Words): Arbitrary<unknown> {
  if (typeof pattern === 'string') return fc.stringMatching(new RegExp(pattern, 'u'))
  const own = typeof format === 'string' ? TEXTS[format] : undefined
  if (own) return own()
  const [least, most] = [minLength as number, maxLength as number]
  const some = fc
    .string({ unit: 'grapheme', minLength: least, maxLength: Math.max(least, Math.min(most, LENGTH)) })
    .map(text => text.replaceAll(/[\p{Cc}\p{Cs}]/gu, 'x'))
  const longest = most <= LONGEST ? [{ weight: 1, arbitrary: fc.constant('x'.repeat(most)) }] : []
  // A longest text that shows something is made smaller as one of the others.
  return fc.oneof({ withCrossShrink: true }, { weight: 6, arbitrary: some }, ...longest, {
    weight: 1,
    arbitrary: fc.constant('x'.repeat(least)),
  })
}

function lists(words: Words, schemas: Schemas, { full = false, depth = 0 }: How): Arbitrary<unknown> {
  const least = Math.max(
    (words['minItems'] as number | undefined) ?? 0,
    full && depth < DEPTH ? Math.min(1, (words['maxItems'] as number | undefined) ?? 1) : 0,
  )
  const most = depth < DEPTH ? Math.min((words['maxItems'] as number | undefined) ?? least + 4, least + 10) : least
  const items = drawSchema((words['items'] as Schema | undefined) ?? true, schemas, { full, depth: depth + 1 })
  const bounds = { minLength: least, maxLength: most }
  return words['uniqueItems'] === true
    ? fc.uniqueArray(items, { ...bounds, selector: item => JSON.stringify(item) })
    : fc.array(items, bounds)
}

function objects(words: Words, schemas: Schemas, { full = false, depth = 0 }: How): Arbitrary<unknown> {
  const required = (words['required'] as string[] | undefined) ?? []
  const properties = Object.entries((words['properties'] as Record<string, Schema> | undefined) ?? {})
  const drawn = properties.filter(([name]) => depth < DEPTH || required.includes(name))
  for (const name of required) if (!drawn.some(([own]) => own === name)) drawn.push([name, true])
  const model = Object.fromEntries(drawn.map(([name, schema]) => [name, drawSchema(schema, schemas, { full, depth: depth + 1 })]))
  return fc.record(model, { requiredKeys: full ? Object.keys(model) : required, noNullPrototype: true })
}
