import type { z } from 'zod'

/*
 * Values made from a schema, and each of its fields changed one at a time: what a view of such a value does not depend on,
 * it cannot tell. A field that is added to the schema is among them by itself.
 */
type Path = (string | number)[]

/** One field of a schema: where it stands, and values for it, among which its present one may be (`undefined`: left out). */
export type Leaf = { path: Path; others: unknown[] }

type Def = {
  type: string
  shape?: Record<string, z.ZodType>
  element?: z.ZodType
  innerType?: z.ZodType
  options?: z.ZodType[]
  valueType?: z.ZodType
  entries?: Record<string, string>
  values?: unknown[]
}

const defOf = (schema: z.ZodType): Def => schema._zod.def

/** Arrays hold one element, records these keys; every text and number is one of a kind. */
const KEYS = ['total', 'other']
const SHORT = 1
const LONG = 1_000_000

/** A value in which everything is there. */
export function wholeOf(schema: z.ZodType, path: Path = []): unknown {
  const { type, shape, element, innerType, options, valueType, entries, values } = defOf(schema)
  const at = (key: string | number) => [...path, key]
  if (shape) return Object.fromEntries(Object.entries(shape).map(([key, inner]) => [key, wholeOf(inner, at(key))]))
  if (element) return [wholeOf(element, at(0))]
  if (valueType) return Object.fromEntries(KEYS.map(key => [key, wholeOf(valueType, at(key))]))
  if (innerType) return wholeOf(innerType, path)
  if (options) return wholeOf(options[0]!, path)
  if (entries) return Object.values(entries)[0]
  if (values) return values[0]
  if (type === 'string') return `CANARY ${shownPath(path)}`
  if (type === 'number') return 100 + path.join('').length
  if (type === 'boolean') return false
  throw new Error(`${shownPath(path)} is a ${type}: say here what a value of it is`)
}

export function leavesOf(schema: z.ZodType, path: Path = [], optional = false): Leaf[] {
  const { type, shape, element, innerType, options, valueType, entries, values } = defOf(schema)
  const at = (key: string | number) => [...path, key]
  const whether: Leaf[] = optional ? [{ path: [...path, '?'], others: [undefined] }] : []
  if (shape) return [...whether, ...Object.entries(shape).flatMap(([key, inner]) => leavesOf(inner, at(key)))]
  if (element) return [...whether, ...leavesOf(element, at(0))]
  if (valueType) return KEYS.flatMap(key => leavesOf(valueType, at(key)))
  if (innerType) return leavesOf(innerType, path, true)
  if (options) return leavesOf(options[0]!, path, optional)
  const absent = optional ? [undefined] : []
  if (entries) return [{ path, others: [...Object.values(entries), ...absent] }]
  if (values) return [{ path, others: [...values, ...absent] }]
  const value = wholeOf(schema, path)
  if (type === 'number') return [{ path, others: [(value as number) + SHORT, (value as number) + LONG, ...absent] }]
  if (type === 'boolean') return [{ path, others: [true, ...absent] }]
  return [{ path, others: [`${String(value)}, otherwise`, ...absent] }]
}

export function shownPath(path: Path): string {
  return path.map((key, at) => (key === '?' ? '?' : typeof key === 'number' ? '[]' : at === 0 ? key : `.${key}`)).join('')
}

export function valueAt(value: unknown, path: Path): unknown {
  return path
    .filter(key => key !== '?')
    .reduce<unknown>((inner, key) => (inner as Record<string | number, unknown> | undefined)?.[key], value)
}

/** The value with another one at the path; `undefined` takes the field away. */
export function withAt<T>(value: T, path: Path, other: unknown): T {
  const copy = structuredClone(value)
  const keys = path.filter(key => key !== '?')
  const holder = valueAt(copy, keys.slice(0, -1)) as Record<string | number, unknown>
  if (other === undefined) delete holder[keys.at(-1)!]
  else holder[keys.at(-1)!] = other
  return copy
}

/** What a view tells of one field: `✓` the value as it is, `≈` something that follows from it, `–` nothing. */
export function told<T>(value: T, leaf: Leaf, view: (value: T) => unknown): '✓' | '≈' | '–' {
  const present = valueAt(value, leaf.path)
  const before = view(value)
  const others = leaf.others.filter(other => !same(other, present))
  const differs = others.map(other => {
    const after = view(withAt(value, leaf.path, other))
    if (JSON.stringify(before) === JSON.stringify(after)) return '–'
    const whole = same(valueAt(before, leaf.path), present) && same(valueAt(after, leaf.path), other)
    return whole ? '✓' : '≈'
  })
  if (differs.length === 0) return same(valueAt(before, leaf.path), present) ? '✓' : '–'
  if (differs.every(each => each === '–')) return '–'
  return differs.every(each => each === '✓') ? '✓' : '≈'
}

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
