import type { ValidateFunction } from 'ajv'
import type { OpenApi } from '../../../core/openapi.ts'
import { validatorOf } from '../../authoring/match-schema.ts'

export type Schema = boolean | Readonly<Record<string, unknown>>

const COMPONENTS = '#/components/schemas/'
/** What OpenAPI adds for readers and tools; ajv takes unknown words for mistakes, which most are. */
const FOR_READERS = new Set(['example', 'xml', 'externalDocs', 'discriminator'])
const VALUES = new Set(['default', 'const', 'enum', 'examples'])

/** The schemas of a document, each made to stand by itself with what it refers to below `$defs`. */
export class Schemas {
  readonly #components: Readonly<Record<string, Schema>>
  readonly #definitions: Record<string, unknown>
  readonly #whole = new Map<Schema, object>()

  constructor({ components }: OpenApi) {
    this.#components = components.schemas ?? {}
    this.#definitions = Object.fromEntries(Object.entries(this.#components).map(([name, schema]) => [name, rewritten(schema)]))
  }

  /** Throws when the schema is wrong. */
  validator(schema: Schema): ValidateFunction {
    let whole = this.#whole.get(schema)
    if (!whole) {
      const own = rewritten(schema)
      whole = { $defs: this.#definitions, ...(typeof own === 'boolean' ? { allOf: [own] } : (own as object)) }
      this.#whole.set(schema, whole)
    }
    return validatorOf(whole)
  }

  /** What a schema's $ref points to, as often as it takes; the other words beside it are added. */
  resolve(schema: Schema): Schema {
    let at = schema
    for (let times = 0; times < 20 && typeof at === 'object' && typeof at['$ref'] === 'string'; times++) {
      const { $ref, ...beside } = at
      const named = $ref.startsWith(COMPONENTS) ? this.#components[$ref.slice(COMPONENTS.length)] : undefined
      if (named === undefined) return true
      at = typeof named === 'boolean' ? named : { ...named, ...beside }
    }
    return at
  }
}

function rewritten(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(rewritten)
  if (typeof part !== 'object' || part === null) return part
  return Object.fromEntries(
    Object.entries(part)
      .filter(([word]) => !FOR_READERS.has(word) && !word.startsWith('x-'))
      .map(([word, value]): [string, unknown] => {
        if (word === '$ref' && typeof value === 'string') return [word, value.replace(COMPONENTS, '#/$defs/')]
        // The names below it are a program's own, and may be "example" as well.
        if (word === 'properties' && typeof value === 'object' && value !== null)
          return [word, Object.fromEntries(Object.entries(value).map(([name, own]) => [name, rewritten(own)]))]
        return [word, VALUES.has(word) ? value : rewritten(value)]
      }),
  )
}
