import { z } from 'zod'
import { allowed } from '../auth.ts'
import { problems } from '../problem.ts'
import { PARTS, readiness, type Part } from '../readiness.ts'
import type { App, Deps } from '../app.ts'

const part = z.strictObject({ state: z.enum(['up', 'down']), message: z.string().optional() })

const readinessSchema = z
  .strictObject({
    status: z.enum(['ready', 'not_ready']),
    parts: z.strictObject(Object.fromEntries(PARTS.map(name => [name, part])) as Record<Part, typeof part>),
  })
  .meta({ id: 'Readiness' })

/** What watches the server asks often: these two are outside the limits. */
export function healthRoutes(app: App, deps: Deps): void {
  app.get(
    '/livez',
    {
      config: { open: true, rateLimit: false },
      schema: {
        summary: 'Whether this process answers',
        tags: ['operators'],
        response: { 200: z.strictObject({ status: z.literal('alive') }) },
      },
    },
    () => ({ status: 'alive' as const }),
  )

  app.get(
    '/readyz',
    {
      config: { open: true, rateLimit: false },
      schema: {
        summary: 'Whether store, queue, engine and disk are there',
        tags: ['operators'],
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (_request, reply) => {
      const parts = await readiness(deps)
      const ready = PARTS.every(name => parts[name].state === 'up')
      return reply.code(ready ? 200 : 503).send({ status: ready ? ('ready' as const) : ('not_ready' as const), parts })
    },
  )
}

export function metricsRoute(app: App, { metrics }: Deps): void {
  app.get(
    '/metrics',
    {
      schema: {
        summary: 'Figures for Prometheus (staff)',
        tags: ['operators'],
        response: { 200: { description: 'Figures', content: { 'text/plain': { schema: z.string() } } }, ...problems(401, 403, 429) },
      },
    },
    async (request, reply) => {
      allowed(request, 'metrics.read')
      const text = await metrics.registry.metrics()
      return reply
        .type(metrics.registry.contentType)
        .serializer((body: unknown) => String(body))
        .send(text)
    },
  )
}
