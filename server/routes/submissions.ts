import { z } from 'zod'
import { OUTCOMES } from '../../core/outcome.ts'
import { MODES, SUBMISSION_STATES, fileMapSchema } from '../../core/submission.ts'
import { SUBMISSION_RUNTIMES } from '../../core/runtimes.ts'
import { slug } from '../../core/exercise.ts'
import { actorOf, allowed } from '../auth.ts'
import { may } from '../policy.ts'
import { Problem, forbidden, notFound, problems } from '../problem.ts'
import type { App, Deps } from '../app.ts'
import { FILES_STORM, MAX_SUBMISSION_BYTES, requestHash, takeIn } from '../take-in.ts'
import { describe, page, submissionParams, submissionSchema, submissionSummarySchema, summarize } from './schemas.ts'
import { readable } from './readable.ts'

const newSubmission = z
  .strictObject({
    exercise: slug.describe('Its slug'),
    files: fileMapSchema.describe('Path → content'),
    runtime: z.enum(SUBMISSION_RUNTIMES).optional().describe("By default the exercise's first"),
    mode: z.enum(MODES).default('submit').describe('run: the visible tests only, never counted as an attempt'),
  })
  .meta({ id: 'NewSubmission' })

const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'expected 1 to 255 visible ASCII characters')
  .optional()
  .describe('Repeating a request under its key gives the submission that the first one made')

export function submissionRoutes(app: App, deps: Deps): void {
  const { store } = deps

  app.post(
    '/api/v1/submissions',
    {
      bodyLimit: MAX_SUBMISSION_BYTES,
      config: { rateLimit: deps.rateLimits.submissions, storm: FILES_STORM },
      schema: {
        summary: 'Hand in a submission',
        tags: ['submissions'],
        headers: z.looseObject({ 'idempotency-key': idempotencyKey }),
        body: newSubmission,
        response: { 202: submissionSchema, ...problems(400, 401, 413, 415, 422, 429, 503, 507) },
      },
    },
    async (request, reply) => {
      const actor = allowed(request, 'submissions.create')
      const key = request.headers['idempotency-key']
      const submission = await takeIn(deps, actor, request.body, key ? { key, requestHash: requestHash(request.body) } : undefined)
      request.log.info({ submissionId: submission.id, exercise: submission.slug, mode: submission.mode }, 'submission taken in')
      return reply
        .code(202)
        .header('location', `/api/v1/submissions/${submission.id}`)
        .send(describe(submission, await store.placeInLine(submission.id)))
    },
  )

  app.get(
    '/api/v1/submissions',
    {
      schema: {
        summary: 'List submissions, newest first: your own; staff those of all',
        tags: ['submissions'],
        querystring: z.strictObject({
          cursor: z
            .string()
            .regex(/^sub_[A-Za-z0-9_-]{1,60}$/, 'expected the nextCursor of a page')
            .optional(),
          limit: z.coerce.number().int().min(1).max(100).default(20),
          exercise: slug.optional(),
          state: z.enum(SUBMISSION_STATES).optional(),
          outcome: z.enum(OUTCOMES).optional(),
          owner: z.string().min(1).max(200).optional(),
          group: z.string().min(1).max(200).optional(),
        }),
        response: { 200: page(submissionSummarySchema), ...problems(400, 401, 403, 429) },
      },
    },
    async request => {
      const actor = actorOf(request)
      const { cursor, limit, exercise, ...filter } = request.query
      const all = may(actor, 'submissions.read')
      if (!all && filter.owner !== undefined && filter.owner !== actor.owner) throw forbidden('Only staff read the submissions of others.')
      const { items, nextCursor } = await store.submissions(
        { ...filter, ...(exercise && { slug: exercise }), ...(!all && { owner: actor.owner }) },
        { limit, ...(cursor && { cursor }) },
      )
      return { items: items.map(summarize), nextCursor }
    },
  )

  app.get(
    '/api/v1/submissions/:id',
    {
      schema: {
        summary: 'Read a submission, with its place in the line',
        tags: ['submissions'],
        params: submissionParams,
        response: { 200: submissionSchema, ...problems(401, 404, 429) },
      },
    },
    async request => {
      const submission = await readable(store, request, request.params.id)
      return describe(submission, await store.placeInLine(submission.id))
    },
  )

  app.post(
    '/api/v1/submissions/:id/cancel',
    {
      schema: {
        summary: 'Cancel a submission that is not over',
        tags: ['submissions'],
        params: submissionParams,
        response: { 200: submissionSchema, ...problems(401, 404, 409, 429) },
      },
    },
    async request => {
      const { id } = await readable(store, request, request.params.id, 'submissions.cancel')
      if ((await store.cancel(id)) === 'already_over')
        throw new Problem(409, 'already-over', 'It is over already', 'What is over can not be cancelled.')
      return describe((await store.submission(id))!, undefined)
    },
  )

  app.post(
    '/api/v1/submissions/:id/requeue',
    {
      schema: {
        summary: 'Grade once more what ended as grader_error (admin)',
        tags: ['operators'],
        params: submissionParams,
        response: { 202: submissionSchema, ...problems(401, 403, 404, 409, 410, 429) },
      },
    },
    async (request, reply) => {
      allowed(request, 'submissions.requeue')
      const { id } = request.params
      const result = await store.requeue(id)
      if (result === 'unknown') throw notFound(`submission ${id}`)
      if (result === 'not_a_grader_error')
        throw new Problem(409, 'not-a-grader-error', 'It has a verdict', 'Only a submission that ended as grader_error is queued again.')
      if (result === 'pruned')
        throw new Problem(
          410,
          'pruned',
          'The files are gone',
          'They were pruned after the time that you keep them; it can not be graded again.',
        )
      request.log.info({ submissionId: id }, 'submission queued again')
      return reply.code(202).send(describe((await store.submission(id))!, await store.placeInLine(id)))
    },
  )
}
