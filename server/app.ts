import { randomUUID } from 'node:crypto'
import helmet from '@fastify/helmet'
import { fastifySSE } from '@fastify/sse'
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyInstance,
  type RawReplyDefaultExpression,
  type RawRequestDefaultExpression,
  type RawServerDefault,
} from 'fastify'
import { serializerCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod'
import { collectApi, serveDocs } from './api-docs.ts'
import { addAuthentication } from './auth.ts'
import type { ServerConfig } from './config.ts'
import type { Disk } from './disk.ts'
import { rawProblem, sendProblem } from './error-handler.ts'
import type { HintBus } from './events.ts'
import type { ExerciseLibrary } from './exercises.ts'
import type { GradingQueue } from './grading-queue.ts'
import { addJsonBody } from './json-body.ts'
import type { Metrics } from './metrics.ts'
import { Problem } from './problem.ts'
import { addRateLimits, type RateLimits } from './rate-limit.ts'
import { addRequestLog } from './request-log.ts'
import { exerciseRoutes } from './routes/exercises.ts'
import { handInRoute } from './routes/hand-in.ts'
import { internalRoutes } from './routes/internal/internal.ts'
import { healthRoutes, metricsRoute } from './routes/operations.ts'
import { submissionEventRoutes } from './routes/submission-events.ts'
import { submissionReportRoutes } from './routes/submission-report.ts'
import { submissionRoutes } from './routes/submissions.ts'
import type { Store } from './store/store.ts'
import { validatorCompiler } from './validate.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>

/** All that the routes need, each made elsewhere (main.ts, or a test). */
export type Deps = {
  store: Store
  hints: HintBus
  queue: Pick<GradingQueue, 'state'>
  library: ExerciseLibrary
  metrics: Metrics
  disk: () => Promise<Disk>
  config: Pick<ServerConfig, 'workerToken' | 'maxWaiting' | 'minFreeDiskBytes' | 'trustedProxies'>
  rateLimits: RateLimits
  log: FastifyBaseLogger
  now: () => Date
  version: string
}

/** Most requests are small; submissions and reports say how large they may be. */
const BODY_BYTES = 64 * 1024
const HEARTBEAT_MS = 15_000
/** To send a request whole: a slow line may take a while for some megabytes, a client that never ends may not. */
const REQUEST_MS = 60_000

/** The server as a value: nothing listens yet, nothing runs by itself. */
export async function buildApp(deps: Deps): Promise<App> {
  const app: App = Fastify({
    loggerInstance: deps.log,
    logController: new LogController({ disableRequestLogging: true }),
    return503OnClosing: false,
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    trustProxy: deps.config.trustedProxies.length > 0 ? deps.config.trustedProxies : false,
    genReqId: () => `req_${randomUUID()}`,
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => sendProblem(error, request, reply),
    clientErrorHandler: (error, socket) => {
      if (error.code === 'ECONNRESET' || !socket.writable) return
      const tooLarge = error.code === 'HPE_HEADER_OVERFLOW'
      const problem = tooLarge
        ? new Problem(431, 'too-large', 'Request Header Fields Too Large')
        : new Problem(400, 'invalid-request', 'Bad Request', 'This is not HTTP.')
      socket.end(rawProblem(problem))
    },
  }).withTypeProvider<ZodTypeProvider>()
  app.setValidatorCompiler(validatorCompiler)
  app.setSerializerCompiler(serializerCompiler)
  app.setErrorHandler(sendProblem)
  app.setNotFoundHandler((request, reply) =>
    sendProblem(new Problem(404, 'not-found', 'Not found', 'There is nothing under this address.'), request, reply),
  )
  refuseWhileClosing(app)
  addJsonBody(app)
  addRequestLog(app, deps.metrics)
  await app.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
    // Behind a proxy that speaks TLS this is the proxy's to say.
    strictTransportSecurity: false,
  })
  await collectApi(app, deps.version)
  await app.register(internalRoutes, { prefix: '/internal/v1', store: deps.store, workerToken: deps.config.workerToken })
  await app.register(async scope => {
    const open = scope.withTypeProvider<ZodTypeProvider>()
    await scope.register(fastifySSE, { heartbeatInterval: HEARTBEAT_MS })
    addAuthentication(open, deps.store)
    await addRateLimits(open, deps.rateLimits)
    healthRoutes(open, deps)
    metricsRoute(open, deps)
    exerciseRoutes(open, deps)
    await scope.register(async own => handInRoute(own.withTypeProvider<ZodTypeProvider>(), deps))
    submissionRoutes(open, deps)
    submissionReportRoutes(open, deps)
    submissionEventRoutes(open, deps)
    await serveDocs(open)
  })
  return app
}

/** On connections that are still open when the end begins; new ones aren't taken. */
function refuseWhileClosing(app: App): void {
  let closing = false
  app.addHook('preClose', async () => void (closing = true))
  app.addHook('onRequest', async (_request, reply) => {
    if (!closing) return
    reply.header('connection', 'close')
    throw new Problem(503, 'closing', 'The server ends', 'It takes no more requests; try again in a moment.', {
      headers: { 'retry-after': '5' },
    })
  })
}
