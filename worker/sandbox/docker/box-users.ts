import { randomInt } from 'node:crypto'
import type { BoxSpec } from '../sandbox.ts'

/*
 * Who a box runs as. The kernel counts some things for each user and not for each control group: inotify instances (128 in all),
 * pending signals and timers, descriptors on their way through sockets, pages of pipes. Were all boxes one user, a submission that
 * takes the last of them would break the submissions beside it. So every learner's program gets a user that no other box has;
 * the examiner and the database, which run our code, share the first.
 *
 * Two workers on one engine may draw the same: then two boxes share those counts, and nothing else. The images know every one of
 * these users by name (sandbox-images/base).
 */
export const BOX_USER = 10_001
export const LAST_BOX_USER = 11_000

const taken = new Set<number>()

/** The user for a box, until `release` is called. */
export function takeBoxUser(role: BoxSpec['role']): { user: number; release: () => void } {
  if (role !== 'subject') return { user: BOX_USER, release: () => {} }
  let user = randomInt(BOX_USER + 1, LAST_BOX_USER + 1)
  // Far fewer boxes run than there are users; were it otherwise, sharing one is better than not grading.
  for (let tries = 0; taken.has(user) && tries < LAST_BOX_USER - BOX_USER; tries++) user = user === LAST_BOX_USER ? BOX_USER + 1 : user + 1
  taken.add(user)
  return { user, release: () => void taken.delete(user) }
}
