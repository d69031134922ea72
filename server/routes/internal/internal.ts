import { createHash, timingSafeEqual } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { sendProblem } from '../../error-handler.ts'
import { Problem } from '../../problem.ts'
import type { Store } from '../../store/store.ts'
import { validatorCompiler } from '../../validate.ts'
import { exerciseRoutes } from './exercises.ts'
import { gradingRoutes } from './gradings.ts'
import { workerRoutes } from './workers.ts'

export type InternalOptions = { store: Store; workerToken: string }

/**
 * What workers ask of the server (core/worker-api.ts), to be registered under /internal/v1. It has a secret of its own: no
 * token of the public API opens it, and it stands outside the public API's limits and documentation.
 */
export async function internalRoutes(app: FastifyInstance, { store, workerToken }: InternalOptions): Promise<void> {
  const expected = digest(workerToken)
  app.setValidatorCompiler(validatorCompiler)
  app.setErrorHandler(sendProblem)
  app.addHook('onRoute', route => {
    route.config = { ...route.config, open: true }
    route.schema = { ...route.schema, hide: true }
  })
  // Before the body is read.
  app.addHook('onRequest', async request => {
    if (!timingSafeEqual(digest(bearerOf(request)), expected))
      throw new Problem(401, 'unauthorized', 'A worker token is needed', 'Expected the secret in ASSAY_WORKER_TOKEN of this server.', {
        headers: { 'www-authenticate': 'Bearer realm="assay workers"' },
      })
  })
  workerRoutes(app, store)
  exerciseRoutes(app, store)
  gradingRoutes(app, store)
}

function bearerOf(request: FastifyRequest): string {
  return /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? ''
}

/** Of equal length whatever came, so that the comparison takes equal time. */
function digest(secret: string): Buffer {
  return createHash('sha256').update(secret).digest()
}
