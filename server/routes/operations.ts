import { z } from 'zod'
import { allowed } from '../auth.ts'
import { may } from '../policy.ts'
import { problems } from '../problem.ts'
import { PARTS, readiness, withoutReasons, type Part } from '../readiness.ts'
import type { App, Deps } from '../app.ts'

const part = z.strictObject({ state: z.enum(['up', 'down']), message: z.string().optional().describe('Why it is down (staff)') })

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

  let toldDown = ''
  app.get(
    '/readyz',
    {
      config: { open: true, tokenHelps: true, rateLimit: false },
      schema: {
        summary: 'Whether store, queue, engine and disk are there',
        tags: ['operators'],
        response: { 200: readinessSchema, 503: readinessSchema },
      },
    },
    async (request, reply) => {
      const parts = await readiness(deps)
      const down = PARTS.filter(name => parts[name].state === 'down')
      // Told when it changes, since it is asked often; without a store the log alone can say why.
      if (down.join() !== toldDown) request.log[down.length > 0 ? 'warn' : 'info']({ parts }, down.length > 0 ? 'not ready' : 'ready')
      toldDown = down.join()
      const shown = request.actor && may(request.actor, 'readiness.reasons') ? parts : withoutReasons(parts)
      const answer = { status: down.length > 0 ? ('not_ready' as const) : ('ready' as const), parts: shown }
      return reply.code(down.length > 0 ? 503 : 200).send(answer)
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
