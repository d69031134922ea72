import type { FastifyInstance, FastifyRequest } from 'fastify'
import { may, type Action, type Actor, type Subject } from './policy.ts'
import { Problem, forbidden } from './problem.ts'
import type { Store } from './store/store.ts'

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor | undefined
  }
  interface FastifyContextConfig {
    /** Answered without a token. */
    open?: boolean
    /** Open, and says more to who sends a token. */
    tokenHelps?: boolean
  }
}

/**
 * Finds whose token came with a request before anything else runs (limits are counted per token), and refuses, before
 * the body is read, what needs one and has none.
 */
export function addAuthentication(app: FastifyInstance, store: Pick<Store, 'findToken'>): void {
  app.decorateRequest('actor', undefined)

  app.addHook('onRequest', async request => {
    const token = /^Bearer +(asy_[A-Za-z0-9_-]{1,100})$/i.exec(request.headers.authorization ?? '')?.[1]
    const { open, tokenHelps } = request.routeOptions.config
    if (!token || (open && !tokenHelps)) return
    // What is open is answered without the store too, as to nobody.
    const facts = await store.findToken(token).catch((error: unknown) => {
      if (!open) throw error
      return undefined
    })
    if (facts) request.actor = { tokenId: facts.id, owner: facts.owner, group: facts.group, role: facts.role }
  })

  app.addHook('preParsing', async request => {
    if (!request.actor && !request.routeOptions.config.open && !request.is404) throw unauthorized(request)
  })
}

function unauthorized(request: FastifyRequest): Problem {
  const detail = request.headers.authorization
    ? 'The token is not valid here: unknown, revoked or mistyped.'
    : 'Send an API token: "Authorization: Bearer asy_…".'
  return new Problem(401, 'unauthorized', 'A token is needed', detail, { headers: { 'www-authenticate': 'Bearer realm="assay"' } })
}

/** The actor of a guarded route. */
export function actorOf(request: FastifyRequest): Actor {
  if (!request.actor) throw unauthorized(request)
  return request.actor
}

/** The actor, if they may do this at all; refuses otherwise. */
export function allowed(request: FastifyRequest, action: Action, subject?: Subject): Actor {
  const actor = actorOf(request)
  if (!may(actor, action, subject)) throw forbidden(`A token of role ${actor.role} may not do this.`)
  return actor
}
