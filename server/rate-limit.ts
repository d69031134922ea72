import rateLimit, { type RateLimitOptions } from '@fastify/rate-limit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Role } from '../core/submission.ts'
import { Problem } from './problem.ts'

/** Requests a minute that one token may make; without a token, one address. Answered with 429, Retry-After and RateLimit headers. */
export type Allowance = Record<Role | 'nobody', number>

export type RateLimits = { requests: RateLimitOptions; submissions: RateLimitOptions }

/** Generous for people; a script that floods the line meets its own limit before it meets the others in it. */
export const REQUESTS: Allowance = { nobody: 600, learner: 600, staff: 3_000, admin: 6_000 }
export const SUBMISSIONS: Allowance = { nobody: 60, learner: 60, staff: 1_200, admin: 6_000 }

export function rateLimits(requests = REQUESTS, submissions = SUBMISSIONS): RateLimits {
  return { requests: limit(requests), submissions: limit(submissions) }
}

export async function addRateLimits(app: FastifyInstance, { requests }: RateLimits): Promise<void> {
  await app.register(rateLimit, { ...requests, global: true, enableDraftSpec: true, cache: 20_000 })
}

function limit(allowance: Allowance): RateLimitOptions {
  return {
    timeWindow: '1 minute',
    max: (request: FastifyRequest) => allowance[request.actor?.role ?? 'nobody'],
    keyGenerator: request => (request.actor ? `token ${request.actor.tokenId}` : request.ip),
    errorResponseBuilder: (_request, { ttl, max }) =>
      new Problem(429, 'too-many-requests', 'Too many requests', `At most ${max} a minute; try again in ${Math.ceil(ttl / 1000)} s.`),
  }
}
