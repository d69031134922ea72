import type { FastifySchemaCompiler } from 'fastify'
import type { z } from 'zod'
import { explainIssue } from '../core/explain-issue.ts'
import { Problem, notFound, pointerTo, type RequestFault } from './problem.ts'

const PARTS: Record<string, NonNullable<RequestFault['in']>> = { body: 'body', querystring: 'query', headers: 'header', params: 'path' }

/** Holds each part of a request to its zod schema; what doesn't fit is answered with a pointer to every fault. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  return (data: unknown) => {
    const parsed = schema.safeParse(data)
    if (parsed.success) return { value: parsed.data }
    // An id that can't be one names nothing.
    if (httpPart === 'params') return { error: notFound('such thing') }
    const part = PARTS[httpPart ?? ''] ?? 'body'
    return { error: invalidRequest(parsed.error.issues.flatMap(issue => faultsOf(issue, data)).map(fault => ({ ...fault, in: part }))) }
  }
}

export function invalidRequest(errors: readonly RequestFault[]): Problem {
  return new Problem(400, 'invalid-request', 'The request is not as expected', undefined, { errors })
}

function faultsOf(issue: z.core.$ZodIssue, data: unknown): RequestFault[] {
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map(key => ({ pointer: pointerTo([...issue.path, key]), detail: 'is unknown here' }))
  if (data === undefined || data === null) return [{ pointer: '', detail: 'expected a JSON object, got nothing' }]
  return [{ pointer: pointerTo(issue.path), detail: explainIssue(issue, data) }]
}
