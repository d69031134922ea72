import { z } from 'zod'

/** One fault of a request: where it stands (a JSON pointer into that part of the request) and what was expected. */
const faultSchema = z.strictObject({
  pointer: z.string(),
  in: z.enum(['body', 'query', 'path', 'header']).optional(),
  detail: z.string(),
})
export type RequestFault = z.infer<typeof faultSchema>

/** RFC 9457, the one shape of every refusal. `type` is a stable word, relative to nothing: programs compare it. */
export const problemSchema = z
  .strictObject({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().optional(),
    errors: z.array(faultSchema).optional(),
    /** Name it when asking the operator: it stands in the log. */
    requestId: z.string().optional(),
  })
  .meta({ id: 'Problem' })

/** What the answer to a request is when it can't be what was asked for. Thrown anywhere in a route; sent by the error handler. */
export class Problem extends Error {
  readonly status: number
  readonly type: string
  readonly title: string
  readonly errors: readonly RequestFault[] | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(
    status: number,
    type: string,
    title: string,
    detail?: string,
    { errors, headers = {}, cause }: { errors?: readonly RequestFault[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail ?? title, { cause })
    this.name = 'Problem'
    this.status = status
    this.type = type
    this.title = title
    this.errors = errors
    this.headers = headers
  }

  body(requestId?: string): z.infer<typeof problemSchema> {
    return {
      type: this.type,
      title: this.title,
      status: this.status,
      ...(this.message !== this.title && { detail: this.message }),
      ...(this.errors && { errors: [...this.errors] }),
      ...(requestId && { requestId }),
    }
  }
}

/** A key of a JSON pointer (RFC 6901). */
export function pointerTo(path: readonly PropertyKey[]): string {
  return path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')
}

export function notFound(what: string): Problem {
  return new Problem(404, 'not-found', 'Not found', `There is no ${what}, or it is not yours to see.`)
}

/** Well formed, but not to be taken. So many faults as a person can read. */
export function notAcceptable(errors: readonly RequestFault[]): Problem {
  const shown = errors.slice(0, 50).map(error => ({ ...error, in: 'body' as const }))
  return new Problem(422, 'not-acceptable', 'The submission is not acceptable', undefined, { errors: shown })
}

export function forbidden(detail: string): Problem {
  return new Problem(403, 'forbidden', 'Not allowed', detail)
}

/** The problems that a route may answer with, for its documentation. */
export function problems<Status extends number>(...statuses: Status[]) {
  const answer = (status: Status) => ({
    description: DESCRIPTIONS[status] ?? 'Refused',
    content: { 'application/problem+json': { schema: problemSchema } },
  })
  return Object.fromEntries(statuses.map(status => [status, answer(status)])) as Record<Status, ReturnType<typeof answer>>
}

const DESCRIPTIONS: Record<number, string> = {
  400: 'The request is not as described; `errors` names each field',
  401: 'No valid token came with the request',
  403: "The token's role may not do this",
  404: 'There is no such thing, or it is not yours to see',
  406: 'Events come as text/event-stream only',
  409: 'Not possible in the state that it is in',
  410: 'It was kept once, but is pruned',
  413: 'The request is too large',
  415: 'The content type is not one that is taken here',
  422: 'Well formed, but not acceptable; `errors` names each field',
  429: 'Too many requests; see Retry-After',
  503: 'Not possible just now; see Retry-After',
  507: "The server's disk is full",
}
