import { z } from 'zod'
import { readYaml } from './read-manifest.ts'

/*
 * The OpenAPI 3.1 document of an exercise (exercise.yaml: `contract`): of the format what responses are held to and requests are
 * drawn from. What else it says (servers, tags, security, descriptions) is for its readers. A schema is JSON Schema 2020-12, which
 * the examiner compiles when it collects the tests.
 */
export const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] as const
export type Method = (typeof METHODS)[number]

const reference = z.looseObject({ $ref: z.string() })
const schema = z.union([z.boolean(), z.looseObject({})], 'expected a schema')
const orReference = <S extends z.ZodType>(own: S) => z.union([reference, own])
const content = z.record(
  z.string().regex(/^[\w.+*-]+\/[\w.+*-]+(;.*)?$/, 'expected a media type'),
  z.looseObject({ schema: schema.optional() }),
)

const parameter = z.looseObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  schema,
})
const header = z.looseObject({ required: z.boolean().default(false), schema: schema.optional() })
const requestBody = z.looseObject({ required: z.boolean().default(false), content })
const response = z.looseObject({ headers: z.record(z.string(), orReference(header)).optional(), content: content.optional() })

const operation = z.looseObject({
  /** What tests name it by. */
  operationId: z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'expected a name of letters, digits, - and _, at most 64'),
  parameters: z.array(orReference(parameter)).default([]),
  requestBody: orReference(requestBody).optional(),
  responses: z
    .record(
      z.string().regex(/^([1-5]\d\d|[1-5]XX|default)$/, 'expected a status such as 200, a range such as 4XX, or default'),
      orReference(response),
    )
    .refine(responses => Object.keys(responses).length > 0, 'expected at least one response'),
})

const pathItem = z.looseObject({
  parameters: z.array(orReference(parameter)).default([]),
  ...(Object.fromEntries(METHODS.map(method => [method, operation.optional()])) as Record<Method, z.ZodOptional<typeof operation>>),
})

const document = z
  .looseObject({
    openapi: z.string().regex(/^3\.1\.\d+$/, 'expected OpenAPI 3.1, as "3.1.0"'),
    info: z.looseObject({ title: z.string(), version: z.string() }),
    paths: z.record(z.string().startsWith('/'), pathItem).refine(paths => Object.keys(paths).length > 0, 'expected at least one path'),
    components: z
      .looseObject({
        schemas: z.record(z.string(), schema).optional(),
        parameters: z.record(z.string(), parameter).optional(),
        requestBodies: z.record(z.string(), requestBody).optional(),
        responses: z.record(z.string(), response).optional(),
        headers: z.record(z.string(), header).optional(),
      })
      .default({}),
  })
  .superRefine((whole, context) => {
    const refuse = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message })
    for (const { path, to } of referencesOf(whole)) {
      if (pointed(whole, to) === undefined)
        refuse(path, `expected a part of this document, such as "#/components/schemas/Book", got ${JSON.stringify(to)}`)
    }
    const ids = new Set<string>()
    for (const [path, item] of Object.entries(whole.paths)) {
      for (const method of METHODS) {
        const own = item[method]
        if (!own) continue
        if (ids.has(own.operationId))
          refuse(['paths', path, method, 'operationId'], `expected another name, got "${own.operationId}" a second time`)
        ids.add(own.operationId)
        const declared = [...item.parameters, ...own.parameters]
          .map(each => resolved(whole, each) as Parameter | undefined)
          .filter(each => each?.in === 'path')
        const names = placesOf(path)
        for (const name of names.filter(each => !declared.some(parameter => parameter?.name === each)))
          refuse(['paths', path, method], `expected a parameter "${name}" with "in: path", as the path has {${name}}, got none`)
        for (const each of declared.filter(parameter => !names.includes(parameter!.name)))
          refuse(['paths', path, method], `expected a path with {${each!.name}}, as a parameter has this name, got ${path}`)
      }
    }
    if (ids.size === 0) refuse(['paths'], 'expected at least one operation, got none')
  })

export type OpenApi = z.infer<typeof document>
export type Operation = z.infer<typeof operation>
export type Parameter = z.infer<typeof parameter>
export type RequestBody = z.infer<typeof requestBody>
export type ResponseObject = z.infer<typeof response>
export type HeaderObject = z.infer<typeof header>

/** Finds faults of a document that has the right form; `refuse` tells one and where it stands. */
export type OpenApiCheck = (whole: OpenApi, refuse: (path: PropertyKey[], message: string) => void) => void

/** The document from its text, YAML or JSON. Throws InvalidInput with every fault found: `file`, line, field, what was expected. */
export function readOpenApi(text: string, file: string, check: OpenApiCheck = () => {}): OpenApi {
  const checked = document.superRefine((whole, context) =>
    check(whole, (path, message) => context.addIssue({ code: 'custom', path, message })),
  )
  return readYaml(text, file, checked)
}

/** The names in braces of a path, `/books/{bookId}`. */
export function placesOf(path: string): string[] {
  return [...path.matchAll(/\{([^{}]+)\}/g)].map(([, name]) => name!)
}

/** A part of the document, or what its $ref points to. */
export function resolved(whole: object, part: object): unknown {
  const to = (part as { $ref?: unknown }).$ref
  return typeof to === 'string' ? pointed(whole, to) : part
}

/** What "#/components/schemas/Book" points to. */
function pointed(whole: object, to: string): unknown {
  if (!to.startsWith('#/')) return undefined
  return to
    .slice(2)
    .split('/')
    .map(part => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>(
      (value, key) => (typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined),
      whole,
    )
}

/** Values, not parts of the document: a $ref in them is only a word. */
const VALUES = new Set(['example', 'examples', 'default', 'const', 'enum'])

function referencesOf(whole: object): { path: PropertyKey[]; to: string }[] {
  const found: { path: PropertyKey[]; to: string }[] = []
  visit(whole, [])
  return found

  function visit(part: unknown, path: PropertyKey[]): void {
    if (typeof part !== 'object' || part === null || path.length > 60) return
    for (const [key, value] of Object.entries(part)) {
      if (key === '$ref' && typeof value === 'string') found.push({ path: [...path, key], to: value })
      else if (!VALUES.has(key)) visit(value, [...path, Array.isArray(part) ? Number(key) : key])
    }
  }
}
