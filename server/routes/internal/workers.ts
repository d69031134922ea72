import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { claimRequestSchema, heartbeatSchema } from '../../../core/worker-api.ts'
import type { Store } from '../../store/store.ts'

const params = z.strictObject({ id: claimRequestSchema.shape.workerId })

export function workerRoutes(app: FastifyInstance, store: Store): void {
  app
    .withTypeProvider<ZodTypeProvider>()
    .post('/workers/:id/heartbeat', { schema: { params, body: heartbeatSchema }, bodyLimit: 256 * 1024 }, request =>
      store.heartbeat(request.params.id, request.body),
    )
}
