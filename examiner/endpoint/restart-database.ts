import { setTimeout as wait } from 'node:timers/promises'
import type { Pod } from '../pod.ts'
import { INSPECTOR } from '../sql/roles.ts'
import { closeSession } from '../sql/server.ts'

const LOGIN_AGAIN_MS = 10

/** Has the server killed and started again under the running program; resolves once it takes logins. */
export async function restartDatabase(pod: Pod, signal: AbortSignal): Promise<void> {
  await pod.control('db.restart')
  for (;;) {
    signal.throwIfAborted()
    try {
      return await closeSession(await pod.openDb(INSPECTOR, 'app'))
    } catch (error) {
      // "the database system is starting up": it goes through its log before it lets anybody in.
      if ((error as { code?: string }).code !== '57P03') throw error
      await wait(LOGIN_AGAIN_MS)
    }
  }
}
