import {
  METHODS,
  readOpenApi,
  resolved,
  type HeaderObject,
  type OpenApi,
  type Operation,
  type Parameter,
  type RequestBody,
  type ResponseObject,
} from '../../../core/openapi.ts'
import { fc } from '../../authoring/fast-check.ts'
import { drawSchema } from './draw-schema.ts'
import { Schemas, type Schema } from './schemas.ts'

/** One operation with everything that it refers to in its place. */
export type ContractOperation = {
  id: string
  method: string
  /** As in the document, with {places}. */
  path: string
  parameters: (Parameter & { schema: Schema })[]
  /** `schema` where the body is JSON; undefined where it is something else. */
  body?: { required: boolean; mediaType: string; schema: Schema | undefined }
  /** By status, range or "default". */
  responses: Map<string, { headers: [name: string, header: HeaderObject][]; content: [mediaType: string, schema: Schema | undefined][] }>
}

export type ReadContract = { file: string; schemas: Schemas; operations: Map<string, ContractOperation> }

/** A document that was found good when the tests were collected. */
export function readContract(text: string, file: string): ReadContract {
  const whole = readOpenApi(text, file)
  return { file, schemas: new Schemas(whole), operations: operationsOf(whole) }
}

/** Throws InvalidInput with line and field when the document, or a schema in it, can't be used. */
export function checkContract(text: string, file: string): void {
  readOpenApi(text, file, (whole, refuse) => {
    const schemas = new Schemas(whole)
    // What is wrong of a schema is wrong wherever it is referred to.
    const told = new Set<string>()
    for (const { path, schema, drawn } of schemasOf(whole)) {
      try {
        const valid = schemas.validator(schema)
        if (!drawn) continue
        const examples = fc.sample(drawSchema(schema, schemas), { numRuns: 100, seed: 1 })
        if (!examples.some(example => valid(example)))
          refuse(path, 'expected a schema by which values can be drawn, got none that is valid in 100 draws')
      } catch (error) {
        const words = `expected JSON Schema 2020-12, got ${(error as Error).message.replace(/^strict mode: /, '')}`
        if (!told.has(words)) refuse(path, words)
        told.add(words)
      }
    }
  })
}

function operationsOf(whole: OpenApi): Map<string, ContractOperation> {
  const operations = new Map<string, ContractOperation>()
  for (const [path, item] of Object.entries(whole.paths)) {
    for (const method of METHODS) {
      const own = item[method]
      if (own) operations.set(own.operationId, operationOf(whole, { path, method, own, shared: item.parameters }))
    }
  }
  return operations
}

type Found = { path: string; method: string; own: Operation; shared: Operation['parameters'] }

function operationOf(whole: OpenApi, { path, method, own, shared }: Found): ContractOperation {
  const parameters = [...shared, ...own.parameters].map(each => resolved(whole, each) as Parameter)
  // The operation's own stand in the place of those that its path shares.
  const byName = new Map(parameters.map(each => [`${each.in} ${each.name}`, each]))
  const body = own.requestBody && (resolved(whole, own.requestBody) as RequestBody)
  return {
    id: own.operationId,
    method: method.toUpperCase(),
    path,
    parameters: [...byName.values()] as ContractOperation['parameters'],
    ...(body && { body: bodyOf(body) }),
    responses: new Map(
      Object.entries(own.responses).map(([status, each]) => [status, responseOf(whole, resolved(whole, each) as ResponseObject)]),
    ),
  }
}

function bodyOf({ required, content }: RequestBody): NonNullable<ContractOperation['body']> {
  const json = Object.entries(content).find(([type]) => isJson(type))
  const [mediaType, { schema }] = json ?? Object.entries(content)[0] ?? ['', { schema: undefined }]
  return { required, mediaType, schema: json ? (schema ?? true) : undefined }
}

function responseOf(whole: OpenApi, { headers = {}, content = {} }: ResponseObject) {
  return {
    headers: Object.entries(headers).map(([name, each]): [string, HeaderObject] => [
      name.toLowerCase(),
      resolved(whole, each) as HeaderObject,
    ]),
    content: Object.entries(content).map(([type, { schema }]): [string, Schema | undefined] => [
      type.split(';')[0]!.trim().toLowerCase(),
      schema,
    ]),
  }
}

export function isJson(mediaType: string): boolean {
  return /^application\/(?:[\w.-]+\+)?json$/i.test(mediaType.split(';')[0]!.trim())
}

/** Every schema with its place; `drawn`: requests are made by it. */
function schemasOf(whole: OpenApi): { path: PropertyKey[]; schema: Schema; drawn: boolean }[] {
  const found: { path: PropertyKey[]; schema: Schema; drawn: boolean }[] = []
  visit(whole.components, ['components'], false)
  visit(whole.paths, ['paths'], false)
  return found

  /** By the words under which OpenAPI has schemas; what stands inside a schema is compiled with it. */
  function visit(part: unknown, path: PropertyKey[], request: boolean): void {
    if (typeof part !== 'object' || part === null) return
    for (const [word, value] of Object.entries(part)) {
      const at = [...path, Array.isArray(part) ? Number(word) : word]
      const inRequest = request || word === 'requestBody' || word === 'parameters' || word === 'requestBodies'
      if (word === 'schema') found.push({ path: at, schema: value as Schema, drawn: inRequest })
      else if (word === 'schemas' && path.length === 1)
        for (const [name, schema] of Object.entries(value as Record<string, Schema>))
          found.push({ path: [...at, name], schema, drawn: false })
      else if (!['example', 'examples'].includes(word)) visit(value, at, inRequest)
    }
  }
}
