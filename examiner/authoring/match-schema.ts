import { createRequire } from 'node:module'
import type { MatchersObject } from '@vitest/expect'
import type { Ajv2020, ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'

const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  email: /^[^\s@]{1,64}@[^\s@.]+(\.[^\s@.]+)+$/,
  uri: /^[a-z][a-z0-9+.-]*:[^\s]+$/i,
  'uri-reference': /^[^\s]*$/,
  // Of OpenAPI.
  int32: { type: 'number', validate: (value: number) => Number.isInteger(value) && Math.abs(value) <= 2 ** 31 },
  int64: { type: 'number', validate: (value: number) => Number.isInteger(value) },
  float: { type: 'number', validate: () => true },
  double: { type: 'number', validate: () => true },
  password: { type: 'string', validate: () => true },
} as const

let ajv: Ajv2020 | undefined

/** Loaded with the first schema: most exercises have none. */
function loadAjv(): Ajv2020 {
  const module = createRequire(import.meta.url)('ajv/dist/2020.js') as { Ajv2020: typeof Ajv2020 }
  const made = new module.Ajv2020({ allErrors: false, strict: true, strictTypes: false, strictRequired: false, allowUnionTypes: true })
  for (const [name, format] of Object.entries(FORMATS)) made.addFormat(name, format)
  return made
}

const compiled = new WeakMap<object, ValidateFunction>()

/** Throws when the schema itself is wrong: that is the author's fault, not the program's. */
export function validatorOf(schema: object): ValidateFunction {
  const validate = compiled.get(schema) ?? (ajv ??= loadAjv()).compile(schema)
  compiled.set(schema, validate)
  return validate
}

export const schemaMatchers: MatchersObject = {
  toMatchSchema(received: unknown, schema: object) {
    const validate = validatorOf(schema)
    const pass = validate(received)
    const faults = (validate.errors ?? []).map(describeFault).join('; ')
    return {
      pass,
      message: () =>
        pass ? 'expected the value not to be valid by the schema' : `expected the value to be valid by the schema: ${faults}`,
    }
  },
}

/** What is wrong of a value, by path. */
export function describeFault({ instancePath, message, params }: ErrorObject): string {
  const extra = params['additionalProperty'] ?? params['allowedValue'] ?? (params['allowedValues'] as unknown[] | undefined)?.join(', ')
  return `${instancePath || 'the value'} ${message ?? 'is not valid'}${extra === undefined ? '' : ` (${String(extra)})`}`
}
