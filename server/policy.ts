import type { Role } from '../core/submission.ts'

/** Who asks: the facts of the token that came with the request. */
export type Actor = { tokenId: string; owner: string; group: string; role: Role }

/** Whose thing it is. */
export type Subject = { owner: string; group: string }

/** What each role may do with anything, and what only with its own. */
const RULES = {
  'exercises.read': { any: ['learner', 'staff', 'admin'], own: [] },
  'exercises.reload': { any: ['admin'], own: [] },
  'submissions.create': { any: ['learner', 'staff', 'admin'], own: [] },
  'submissions.read': { any: ['staff', 'admin'], own: ['learner'] },
  'submissions.cancel': { any: ['staff', 'admin'], own: ['learner'] },
  'submissions.requeue': { any: ['admin'], own: [] },
  /** How often and why something was graded, with the words that are for the operator. */
  'gradings.read': { any: ['staff', 'admin'], own: [] },
  /** Why something is down: the words may hold addresses and paths. */
  'readiness.reasons': { any: ['staff', 'admin'], own: [] },
  'metrics.read': { any: ['staff', 'admin'], own: [] },
} as const satisfies Record<string, { any: readonly Role[]; own: readonly Role[] }>

export type Action = keyof typeof RULES

/**
 * The one policy: whether this actor may do this to that. Without a subject it is asked of everyone's things.
 * What a reader then sees of a report is report-view.ts's to say.
 */
export function may(actor: Actor, action: Action, subject?: Subject): boolean {
  const { any, own }: { any: readonly Role[]; own: readonly Role[] } = RULES[action]
  return any.includes(actor.role) || (own.includes(actor.role) && subject?.owner === actor.owner)
}
