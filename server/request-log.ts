import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.ts'

/** What asks again and again is only of interest when it fails. */
const OFTEN = /^\/(livez|readyz|metrics|internal\/)/

/** One line for each answer, with the route instead of the address: an address may name people. */
export function addRequestLog(app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id))

  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown'
    const status = reply.statusCode
    const ms = Math.round(reply.elapsedTime * 10) / 10
    metrics.requests.observe({ method: request.method, route, status }, ms / 1000)
    const level = status >= 500 && status !== 503 && status !== 507 ? 'error' : OFTEN.test(route) ? 'debug' : 'info'
    request.log[level]({ method: request.method, route, status, ms, tokenId: request.actor?.tokenId }, 'answered')
  })
}
