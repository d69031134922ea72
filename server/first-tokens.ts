import { ROLES, type Role } from '../core/submission.ts'
import { openStore } from './open-store.ts'

/**
 * One token of each role for a store that has none, so that a new installation can be used at once. They are to be shown
 * now: nobody can read them again. A store that has tokens gives none.
 */
export async function ensureFirstTokens(storeUrl: string): Promise<{ role: Role; token: string }[]> {
  const store = await openStore(storeUrl)
  try {
    if ((await store.tokens()).length > 0) return []
    const made = []
    for (const role of ROLES) made.push({ role, token: (await store.addToken({ owner: `first-${role}`, group: 'default', role })).token })
    return made
  } finally {
    await store.close()
  }
}
