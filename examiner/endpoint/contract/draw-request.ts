import type { Arbitrary } from 'fast-check'
import { fc } from '../../authoring/fast-check.ts'
import type { HoldsOptions } from '../../authoring/contract.ts'
import { placesOf } from '../../../core/openapi.ts'
import { drawSchema } from './draw-schema.ts'
import type { ContractOperation } from './read-contract.ts'
import type { Schemas } from './schemas.ts'

/** What a request is made of; `json` is there where a body is. */
export type Parts = { parameters: Record<string, unknown>; json?: unknown }

/** A request as it is sent. */
export type Drawn = { method: string; path: string; headers: Record<string, string>; body?: string }

/** Parameters by "in name", and a body: mostly valid ones, see `isValid`. `full`: everything that may be there is. */
export function drawParts(
  { parameters, body }: ContractOperation,
  schemas: Schemas,
  { known = {}, full = false }: { known?: HoldsOptions['known'] | undefined; full?: boolean },
): Arbitrary<Parts> {
  // Headers and cookies that may be left out are.
  const drawn = parameters.filter(each => each.required || each.in === 'path' || each.in === 'query')
  const model = Object.fromEntries(
    drawn.map(({ in: place, name, schema }) => {
      const key = `${place} ${name}`
      const own = drawSchema(schema, schemas, { full })
      const values = known[name] ?? []
      if (values.length === 0) return [key, own]
      const one = fc.constantFrom(...values)
      // What is wrong with a request is only seen where all else is right.
      return [key, full ? one : fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: own })]
    }),
  )
  const requiredKeys = drawn.filter(each => full || each.required || each.in === 'path').map(each => `${each.in} ${each.name}`)
  const asked = fc.record(model, { requiredKeys, noNullPrototype: true }) as Arbitrary<Record<string, unknown>>
  if (body?.schema === undefined) return asked.map(each => ({ parameters: each }))
  const withBody: Arbitrary<Parts> = fc.record(
    { parameters: asked, json: drawSchema(body.schema, schemas, { full }) },
    { noNullPrototype: true },
  )
  return body.required || full
    ? withBody
    : fc.oneof({ weight: 4, arbitrary: withBody }, { weight: 1, arbitrary: asked.map(each => ({ parameters: each })) })
}

/** Whether the document allows this request, and HTTP can carry it. */
export function isValid({ parameters, body }: ContractOperation, schemas: Schemas, parts: Parts): boolean {
  for (const { in: place, name, schema } of parameters) {
    const value = parts.parameters[`${place} ${name}`]
    if (value === undefined) continue
    if (!schemas.validator(schema)(value)) return false
    const text = textOf(value)
    if (place === 'path' && ['', '.', '..'].includes(text)) return false
    if ((place === 'header' || place === 'cookie') && !/^[!-~]+$/.test(text)) return false
  }
  return !('json' in parts) || schemas.validator(body!.schema!)(parts.json)
}

/** The request of these parts; `body`, where given, is sent instead of `json`. */
export function requestOf(operation: ContractOperation, parts: Parts, headers: HoldsOptions['headers'] = {}, body?: string): Drawn {
  const of = (place: string) =>
    operation.parameters.flatMap(({ in: own, name }) => {
      const value = parts.parameters[`${place} ${name}`]
      return own === place && value !== undefined ? [[name, value] as const] : []
    })
  const inPath = new Map(of('path'))
  const path = placesOf(operation.path).reduce(
    (rest, name) => rest.replace(`{${name}}`, () => encodeURIComponent(textOf(inPath.get(name)))),
    operation.path,
  )
  const query = new URLSearchParams(
    of('query').flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, textOf(each)])),
  )
  const cookies = of('cookie').map(([name, value]) => `${name}=${textOf(value)}`)
  const sent = body ?? ('json' in parts ? JSON.stringify(parts.json) : undefined)
  return {
    method: operation.method,
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    headers: {
      ...(sent !== undefined && { 'content-type': operation.body?.mediaType ?? 'application/json' }),
      ...Object.fromEntries(of('header').map(([name, value]) => [name.toLowerCase(), textOf(value)])),
      ...(cookies.length > 0 && { cookie: cookies.join('; ') }),
      ...headers,
    },
    ...(sent !== undefined && { body: sent }),
  }
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
