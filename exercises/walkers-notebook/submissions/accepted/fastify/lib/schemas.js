export const ME = 'id, name, role, hut'

export function string(minLength, maxLength) {
  return { type: 'string', minLength, maxLength, pattern: '^[^\\u0000]*$' }
}

export function body(properties, required) {
  return { body: { type: 'object', properties, required, additionalProperties: false } }
}
