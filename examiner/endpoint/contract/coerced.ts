import type { Schema } from './schemas.ts'

/** The text of a parameter or header as the type that its schema says, so far as it is one: "5" is 5 where a number is meant. */
export function coerced(text: string, schema: Schema): unknown {
  const types = typeof schema === 'boolean' ? [] : [schema['type']].flat()
  if ((types.includes('integer') || types.includes('number')) && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)) return Number(text)
  if (types.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  if (types.includes('null') && text === '') return null
  return text
}
