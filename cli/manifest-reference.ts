import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { KINDS, manifestSchema } from '../core/exercise.ts'
import { LIMITS, type LimitName } from '../core/limits.ts'
import { LIMIT_MEANINGS, MEANINGS } from './manifest-meanings.ts'

export const MANIFEST_PAGE = join(import.meta.dirname, '../docs/authors/manifest.md')

/**
 * docs/authors/manifest.md: types, defaults and ranges from the schema of exercise.yaml, meanings from manifest-meanings.ts.
 * Run as a program it writes the page. Throws when a field has no meaning, or a meaning no field.
 */
export function manifestPage(): string {
  const schema = z.toJSONSchema(manifestSchema, { io: 'input' }) as { oneOf: ObjectSchema[] }
  const byKind = new Map(KINDS.map((kind, at) => [kind, fieldsOf(schema.oneOf[at]!)]))
  const [first, ...others] = [...byKind.values()]
  const common = first!.filter(field => others.every(fields => fields.some(other => same(field, other))))
  const own = [...byKind].map(([kind, fields]) =>
    section(
      `Only ${kind}`,
      fields.filter(field => !common.some(one => same(one, field))),
      kind,
    ),
  )
  const missing = Object.keys(MEANINGS).filter(path => ![...byKind.values()].flat().some(field => field.path === path))
  if (missing.length > 0) throw new Error(`MEANINGS names fields that exercise.yaml has not: ${missing.join(', ')}`)
  return `# exercise.yaml

Every field. A field that isn't here is refused. Made from \`core/exercise.ts\` by \`npm run manifest\`.

${[section('All kinds', common), ...own].join('\n\n')}

## Limits

\`limits:\` takes any of these. A duration is written \`500ms\`, \`5s\` or \`1m\`, a size \`512k\` or \`256m\`.

${table(['limit', 'default', 'at most', 'what it bounds'], limitRows())}
`
}

function limitRows(): string[][] {
  return Object.entries(LIMITS).map(([name, { default: usual, ceiling, unit }]) => [
    `\`${name}\``,
    shownLimit(usual, unit),
    shownLimit(ceiling, unit),
    LIMIT_MEANINGS[name as LimitName],
  ])
}

/** A limit as people write it: "5 s", "256 MiB", "50". */
export function shownLimit(value: number, unit: 'ms' | 'bytes' | 'cores' | 'count'): string {
  if (unit === 'ms') return `${value / 1000} s`
  if (unit !== 'bytes') return String(value)
  const [size, name] = value >= 1024 ** 3 ? [1024 ** 3, 'GiB'] : value >= 1024 ** 2 ? [1024 ** 2, 'MiB'] : [1024, 'KiB']
  return `${value / size} ${name}`
}

type Schema = {
  type?: string | string[]
  const?: string
  enum?: string[]
  default?: string | number | boolean | string[] | Record<string, unknown>
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  additionalProperties?: Schema | false
  minItems?: number
  maxItems?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  pattern?: string
}
type ObjectSchema = Schema & { properties: Record<string, Schema> }
type Field = { path: string; type: string; must: string }

/** Depth first, in the order of the schema; `a.b` is b in a, `a[]` an item of a, `a.<name>` any name in a. */
function fieldsOf({ properties, required = [] }: ObjectSchema, before = ''): Field[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const path = before + name
    const field = { path, type: typeOf(schema), must: required.includes(name) ? '**must**' : defaultOf(schema) }
    if (path === 'limits') return [field]
    return [field, ...inside(path, schema)]
  })
}

function inside(path: string, { properties, required, items, additionalProperties }: Schema): Field[] {
  if (properties) return fieldsOf({ properties, ...(required && { required }) }, `${path}.`)
  if (items) return inside(`${path}[]`, items)
  return additionalProperties ? inside(`${path}.<name>`, additionalProperties) : []
}

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ')
  if (schema.const !== undefined) return `\`${schema.const}\``
  if (schema.enum) return schema.enum.map(value => `\`${value}\``).join(', ')
  if (schema.items) return `list of ${schema.minItems ?? 0} to ${schema.maxItems}`
  if (schema.properties || schema.additionalProperties) return 'mapping'
  if (schema.type === 'number') return `number, ${schema.minimum} to ${schema.maximum}`
  if (schema.type === 'integer') return 'whole number'
  if (schema.type === 'boolean') return '`true`, `false`'
  if (schema.pattern?.endsWith('x$')) return '`3x`'
  if (schema.pattern && /^\^\(\?!|\\\//.test(schema.pattern)) return 'path'
  if (schema.pattern) return 'id'
  return `text, up to ${schema.maxLength}`
}

function defaultOf({ default: value }: Schema): string {
  if (Array.isArray(value)) return value.map(each => `\`${each}\``).join(', ')
  if (typeof value === 'object') return Object.keys(value).length === 0 ? '' : 'as below'
  return value === undefined || value === '' ? '' : `\`${value}\``
}

function section(title: string, fields: readonly Field[], kind?: string): string {
  const rows = fields.map(({ path, type, must }) => [`\`${path}\``, type, must, meaningOf(path, kind)])
  return `## ${title}\n\n${table(['field', 'type', 'default', 'meaning'], rows)}`
}

/** Padded as the formatter pads tables, so that it has nothing to change. */
function table(head: readonly string[], rows: readonly string[][]): string {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map(row => row[at]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`
  return [line(head), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function meaningOf(path: string, kind?: string): string {
  const meaning = MEANINGS[path]
  if (meaning === undefined) throw new Error(`exercise.yaml has a field that MEANINGS doesn't explain: ${path}`)
  return typeof meaning === 'string' ? meaning : (meaning[kind ?? ''] ?? '')
}

function same(one: Field, other: Field): boolean {
  return one.path === other.path && one.type === other.type && one.must === other.must && one.path !== 'kind'
}

if (import.meta.main) writeFileSync(MANIFEST_PAGE, manifestPage())
