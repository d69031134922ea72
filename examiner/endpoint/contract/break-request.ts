import { coerced } from './coerced.ts'
import type { Parts } from './draw-request.ts'
import type { ContractOperation } from './read-contract.ts'
import type { Schema, Schemas } from './schemas.ts'

/** A request with one thing wrong; `body`, where given, is sent instead of `json`. */
export type Broken = { words: string; parts: Parts; body?: string }

/** More of one request aren't tried. */
const MOST = 250

/** All that can be made wrong of a valid request in one place; what would leave it valid is left out. */
export function breakRequest(operation: ContractOperation, schemas: Schemas, parts: Parts): Broken[] {
  const all = [...brokenParameters(operation, schemas, parts), ...brokenBodies(operation, schemas, parts)]
  const step = Math.ceil(all.length / MOST)
  return all.filter((_, at) => at % step === 0)
}

function* brokenParameters({ parameters }: ContractOperation, schemas: Schemas, parts: Parts): Generator<Broken> {
  for (const { in: place, name, schema, required } of parameters) {
    const key = `${place} ${name}`
    if (place === 'query' && required) {
      const { [key]: _, ...others } = parts.parameters
      yield { words: `without the query parameter ${name}`, parts: { ...parts, parameters: others } }
    }
    if (place !== 'query' && place !== 'path') continue
    const own = schemas.resolve(schema)
    // A list's texts are its items.
    if (typeof own === 'object' && [own['type']].flat().some(type => type === 'array' || type === 'object')) continue
    for (const wrong of wrongValues(own)) {
      const text = typeof wrong === 'string' ? wrong : JSON.stringify(wrong)
      if (text === '' || text === 'null' || schemas.validator(schema)(coerced(text, own))) continue
      yield {
        words: `${place === 'path' ? 'in the path ' : 'with '}${name} = ${short(text)}`,
        parts: { ...parts, parameters: { ...parts.parameters, [key]: text } },
      }
    }
  }
}

function* brokenBodies({ body }: ContractOperation, schemas: Schemas, parts: Parts): Generator<Broken> {
  if (body?.schema === undefined) return
  const { schema } = body
  const { json: _, ...bare } = parts
  if (body.required) yield { words: 'without a body', parts: bare }
  if (!('json' in parts)) return
  const text = JSON.stringify(parts.json)
  yield { words: 'with a body that is no JSON', parts, body: /[\]}"]$/.test(text) ? text.slice(0, -1) : `${text},` }
  const valid = schemas.validator(schema)
  for (const { words, value } of changes(parts.json, schema, schemas, ''))
    if (!valid(value)) yield { words, parts: { ...parts, json: value } }
}

type Change = { words: string; value: unknown }

/** The value with one thing in it changed. `at`: the place in words. */
function* changes(value: unknown, by: Schema, schemas: Schemas, at: string): Generator<Change> {
  const schema = schemas.resolve(by)
  for (const wrong of wrongValues(schema)) yield { words: `with ${at || 'the body'} = ${short(JSON.stringify(wrong))}`, value: wrong }
  if (typeof value === 'number' || typeof value === 'boolean') yield { words: `with ${at || 'the body'} as a text`, value: String(value) }
  if (at.split('.').length > 4 || typeof value !== 'object' || value === null) return
  const words = typeof schema === 'boolean' ? {} : schema
  if (Array.isArray(value)) {
    const items = (words['items'] as Schema | undefined) ?? true
    for (const [index, item] of value.slice(0, 2).entries())
      for (const inner of changes(item, items, schemas, `${at}[${index}]`)) yield { ...inner, value: value.with(index, inner.value) }
    return
  }
  const properties = (words['properties'] as Record<string, Schema> | undefined) ?? {}
  for (const name of Object.keys(value)) {
    const place = at ? `${at}.${name}` : name
    const { [name]: own, ...others } = value as Record<string, unknown>
    yield { words: `without ${place}`, value: others }
    for (const inner of changes(own, properties[name] ?? true, schemas, place)) yield { ...inner, value: { ...value, [name]: inner.value } }
  }
  yield { words: `with a field of another name${at && ` in ${at}`}`, value: { ...value, 'another-name': 1 } }
}

/** Values of other types, and just beyond each bound. */
function wrongValues(schema: Schema): unknown[] {
  const words = typeof schema === 'boolean' ? {} : schema
  const by = (word: string, make: (bound: number) => unknown) => (typeof words[word] === 'number' ? [make(words[word])] : [])
  const longer = (bound: number) => 'x'.repeat(Math.min(bound, 100_000) + 1)
  return [
    null,
    true,
    'no such value',
    '',
    0.5,
    -1,
    [],
    {},
    ...by('minimum', bound => bound - 1),
    ...by('minimum', bound => bound + 0.5),
    ...by('multipleOf', step => (typeof words['minimum'] === 'number' ? words['minimum'] : 0) + step / 2),
    ...by('maximum', bound => bound + 1),
    ...by('exclusiveMinimum', bound => bound),
    ...by('exclusiveMaximum', bound => bound),
    ...by('minLength', bound => 'x'.repeat(Math.max(0, bound - 1))),
    ...by('maxLength', longer),
    ...by('minItems', bound => Array(Math.max(0, bound - 1)).fill('x')),
    ...by('maxItems', bound => Array(Math.min(bound, 1_000) + 1).fill('x')),
  ]
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}… (${text.length} characters)` : text
}
