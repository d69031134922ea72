import type { AddressInfo } from 'node:net'
import Fastify from 'fastify'
import { startDispatcher } from '../../../server/dispatcher.ts'
import { createHints, type HintBus } from '../../../server/events.ts'
import { openGradingQueue, type GradingQueue } from '../../../server/grading-queue.ts'
import { startReconciling } from '../../../server/reconcile.ts'
import type { Repeating } from '../../../server/repeating.ts'
import { internalRoutes } from '../../../server/routes/internal/internal.ts'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import type { Store } from '../../../server/store/store.ts'

export const WORKER_TOKEN = 'the-workers-own-secret'

export type ServerParts = AsyncDisposable & {
  url: string
  store: Store
  hints: HintBus
  queue: GradingQueue
  dispatcher: Repeating
  reconciler: Repeating
}

/** The server without its public API: store, queue, dispatcher, reconciling, and the internal API on a free port. */
export async function startServerParts({
  storePath,
  redisUrl,
  now = () => new Date(),
  everyMs = 100,
}: {
  storePath: string
  redisUrl: string
  now?: () => Date
  everyMs?: number
}): Promise<ServerParts> {
  const log = { info: () => {}, warn: () => {} }
  const hints = createHints()
  const store = await openSqliteStore({ path: storePath, hints, now })
  const queue = openGradingQueue(redisUrl)
  const dispatcher = startDispatcher({ store, queue, hints, log, now, everyMs })
  const reconciler = startReconciling({ store, queue, hints, log, now, everyMs, settleMs: 0 })
  const app = Fastify()
  await app.register(internalRoutes, { prefix: '/internal/v1', store, workerToken: WORKER_TOKEN })
  await app.listen({ host: '127.0.0.1', port: 0 })
  const { port } = app.server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    store,
    hints,
    queue,
    dispatcher,
    reconciler,
    [Symbol.asyncDispose]: async () => {
      await app.close()
      await Promise.all([dispatcher.close(), reconciler.close()])
      await queue.close()
      await store.close()
    },
  }
}

/** Resolves once `isTrue` holds; it is asked now and at each hint that the line moved. */
export async function until(hints: HintBus, isTrue: () => Promise<boolean>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const look = () => {
    isTrue().then(yes => yes && resolve(), reject)
  }
  const end = hints.onLineMoved(look)
  look()
  await promise.finally(end)
}
