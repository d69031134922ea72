import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { claimRequestSchema, eventsRequestSchema, jobSchema, reportRequestSchema, returnRequestSchema } from '../../../core/worker-api.ts'
import { Problem } from '../../problem.ts'
import type { Store } from '../../store/store.ts'

const params = z.strictObject({ id: jobSchema.shape.gradingId })

const EVENTS_BYTES = 256 * 1024
/** 500 tests, each with a log and a message, and the program's output twice. */
const REPORT_BYTES = 32 * 1024 * 1024

export function gradingRoutes(app: FastifyInstance, store: Store): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post('/gradings/:id/claim', { schema: { params, body: claimRequestSchema } }, async request => {
    const claim = await store.claim(request.params.id, request.body.workerId)
    if (!claim) throw superseded('It is finished, cancelled or with another worker.')
    return claim
  })

  routes.post(
    '/gradings/:id/events',
    { schema: { params, body: eventsRequestSchema }, bodyLimit: EVENTS_BYTES },
    async (request, reply) => {
      const { token, events } = request.body
      if ((await store.recordEvents(request.params.id, token, events)) === 'superseded') throw superseded()
      return reply.code(204).send()
    },
  )

  // A report that was recorded before is as good as recorded now: the worker may have missed the answer.
  routes.post(
    '/gradings/:id/report',
    { schema: { params, body: reportRequestSchema }, bodyLimit: REPORT_BYTES },
    async (request, reply) => {
      const { token, report, events } = request.body
      if ((await store.recordReport(request.params.id, token, report, events)) === 'superseded') throw superseded()
      return reply.code(204).send()
    },
  )

  routes.post('/gradings/:id/return', { schema: { params, body: returnRequestSchema } }, async (request, reply) => {
    const { token, reason, message } = request.body
    if ((await store.giveBack(request.params.id, token, reason, message)) === 'superseded') throw superseded()
    return reply.code(204).send()
  })
}

function superseded(detail = 'The grading is over, or somebody claimed it later.'): Problem {
  return new Problem(409, 'superseded', "The grading is no longer this worker's", detail)
}
