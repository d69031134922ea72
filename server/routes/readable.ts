import type { FastifyRequest } from 'fastify'
import { actorOf } from '../auth.ts'
import { may, type Action } from '../policy.ts'
import { notFound } from '../problem.ts'
import type { Store, Submission } from '../store/store.ts'

/** A submission that the actor may read or do this to. Someone else's is not there: a learner can't even learn that it exists. */
export async function readable(
  store: Store,
  request: FastifyRequest,
  id: string,
  action: Action = 'submissions.read',
): Promise<Submission> {
  const actor = actorOf(request)
  const submission = await store.submission(id)
  if (!submission || !may(actor, action, submission)) throw notFound(`submission ${id}`)
  return submission
}
