import type { z } from 'zod'

/**
 * A schema's complaint in our words: what was expected, what came. `input` is the whole value that was parsed;
 * what came is looked up in it and shown short.
 */
export function explainIssue(issue: z.core.$ZodIssue, input: unknown): string {
  const came = show(valueAt(input, issue.path))
  switch (issue.code) {
    case 'unrecognized_keys':
      return `unknown field${issue.keys.length > 1 ? 's' : ''} ${issue.keys.map(key => show(key)).join(', ')}`
    case 'invalid_type':
      return valueAt(input, issue.path) === undefined
        ? `expected ${article(issue.expected)}, got nothing`
        : `expected ${article(issue.expected)}, got ${came}`
    case 'invalid_value':
      return `expected ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(value => String(value)).join(', ')}, got ${came}`
    case 'too_big':
      return `expected at most ${issue.maximum}${unitOf(issue.origin)}, got ${amount(valueAt(input, issue.path))}`
    case 'too_small':
      return `expected at least ${issue.minimum}${unitOf(issue.origin)}, got ${amount(valueAt(input, issue.path))}`
    case 'invalid_union':
      return issue.message === 'Invalid input' ? `expected another value, got ${came}` : `${issue.message}, got ${came}`
    default:
      return /, got |above/.test(issue.message) ? issue.message : `${issue.message}, got ${came}`
  }
}

export function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), input)
}

/** Short and flat whatever came: it may be megabytes, or nested without end. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'string') return JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}…` : value)
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object'
  return `${value as number | boolean | null}`
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? `an ${type}` : `a ${type}`
}

function unitOf(origin: string): string {
  return { string: ' characters', array: ' items', record: ' fields', object: ' fields' }[origin] ?? ''
}

function amount(value: unknown): string {
  if (typeof value === 'string' || Array.isArray(value)) return String(value.length)
  return show(value)
}
