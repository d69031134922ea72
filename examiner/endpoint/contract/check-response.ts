import type { Response } from '../../authoring/http.ts'
import { describeFault } from '../../authoring/match-schema.ts'
import { coerced } from './coerced.ts'
import { isJson, type ContractOperation, type ReadContract } from './read-contract.ts'
import type { Schema } from './schemas.ts'

/** What of a response isn't as the document says, in words; undefined when all of it is. */
export function responseFault(
  { schemas }: ReadContract,
  { id, method, responses }: ContractOperation,
  response: Response,
): string | undefined {
  const { status, headers, bytes } = response
  const documented = responses.get(String(status)) ?? responses.get(`${String(status)[0]}XX`) ?? responses.get('default')
  if (!documented) return `the status ${status} is not documented for ${id} (${[...responses.keys()].join(', ')})`
  for (const [name, { required, schema }] of documented.headers) {
    const value = headers[name]
    if (value === undefined && required) return `the header ${name}, which ${id} must send with ${status}, is missing`
    if (value === undefined || schema === undefined) continue
    const fault = valueFault(schema, coerced(value, schemas.resolve(schema)))
    if (fault) return `the header ${name} is not as documented: ${fault}`
  }
  const types = documented.content.map(([type]) => type)
  if (types.length === 0 || method === 'HEAD') return undefined
  if (bytes.length === 0) return `the body is empty, documented for ${status} is ${types.join(' or ')}`
  const type = (headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
  const content =
    documented.content.find(([own]) => own === type) ??
    documented.content.find(([own]) => own === `${type.split('/')[0]}/*` || own === '*/*')
  if (!content) return `the content type is ${type ? `"${type}"` : 'missing'}, documented for ${status} is ${types.join(' or ')}`
  const [, schema] = content
  if (schema === undefined || !(isJson(type) || type.startsWith('text/'))) return undefined
  let value: unknown
  try {
    value = isJson(type) ? response.json : response.text
  } catch (error) {
    return `the body can't be read: ${(error as Error).message}`
  }
  const fault = valueFault(schema, value)
  return fault && `the body is not as documented for ${status}: ${fault}`

  function valueFault(by: Schema, value: unknown): string | undefined {
    const valid = schemas.validator(by)
    return valid(value) ? undefined : (valid.errors ?? []).map(describeFault).join('; ')
  }
}
