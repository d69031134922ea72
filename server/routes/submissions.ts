import { z } from 'zod'
import { OUTCOMES } from '../../core/outcome.ts'
import { SUBMISSION_STATES } from '../../core/submission.ts'
import { slug } from '../../core/exercise.ts'
import { actorOf, allowed } from '../auth.ts'
import { may } from '../policy.ts'
import { Problem, forbidden, notFound, problems } from '../problem.ts'
import type { App, Deps } from '../app.ts'
import { describe, page, submissionParams, submissionSchema, submissionSummarySchema, summarize } from './schemas.ts'
import { readable } from './readable.ts'

export function submissionRoutes(app: App, deps: Deps): void {
  const { store } = deps

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
        response: { 200: submissionSchema, ...problems(401, 404, 409, 415, 429) },
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
        response: { 202: submissionSchema, ...problems(401, 403, 404, 409, 410, 415, 429) },
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
