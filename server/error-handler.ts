import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { InvalidInput, describeFinding } from '../core/errors.ts'
import { Problem } from './problem.ts'
import { StoreFull, StoreUnavailable } from './store/store-errors.ts'

/** Whatever was thrown while answering, as problem+json. Only what is ours to mend is logged as an error. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error)
  if (problem.status >= 500) request.log.error({ err: error }, 'request failed')
  void reply
    .code(problem.status)
    .headers(problem.headers)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problem.body(request.id))
}

/** As text for answers that are written without the framework, to requests that are no HTTP. */
export function rawProblem(problem: Problem): string {
  const body = JSON.stringify(problem.body())
  return `HTTP/1.1 ${problem.status} ${problem.title}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`
}

function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof StoreFull)
    return new Problem(507, 'disk-full', 'The disk is full', 'The server has no room to keep anything; its operator must free space.', {
      cause: error,
    })
  if (error instanceof StoreUnavailable)
    return new Problem(503, 'store-unavailable', 'Not available just now', 'The store can not be used just now; nothing was changed.', {
      headers: { 'retry-after': '5' },
      cause: error,
    })
  if (error instanceof InvalidInput)
    return new Problem(409, 'unreadable', 'It can not be read as it is', error.findings.map(describeFinding).join('; '), { cause: error })
  const { code, statusCode = 500, message } = error as Partial<FastifyError>
  const known = code === undefined ? undefined : FRAMEWORK[code]
  if (known) return new Problem(statusCode, ...known)
  if (statusCode >= 400 && statusCode < 500) return new Problem(statusCode, 'bad-request', 'Bad request', message)
  return new Problem(500, 'internal', 'Something broke on our side', 'It is logged under this request id.', { cause: error })
}

/** What the framework itself refuses, in our words. */
const FRAMEWORK: Record<string, [type: string, title: string, detail?: string]> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['too-large', 'The request is too large'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    'media-type',
    'Unsupported media type',
    'Expected a body of type application/json; a submission may come as multipart/form-data too.',
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['invalid-request', 'The request is not as expected', 'Expected a JSON body, got none.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['invalid-request', 'The request is not as expected', 'Content-Length does not fit the body.'],
  FST_ERR_BAD_URL: ['invalid-request', 'The request is not as expected', 'The address is not a valid URL.'],
}
