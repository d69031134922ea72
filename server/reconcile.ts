import { WORKER_SILENT_MS } from '../core/worker-api.ts'
import type { HintBus } from './events.ts'
import type { GradingQueue } from './grading-queue.ts'
import { repeat, type Repeating } from './repeating.ts'
import type { Store } from './store/store.ts'

type Log = { warn: (fields: object, message: string) => void }

type Options = {
  store: Store
  queue: GradingQueue
  hints: HintBus
  log: Log
  now?: () => Date
  everyMs?: number
  /** A grading dispatched less long ago may still be on its way into the queue. */
  settleMs?: number
}

/**
 * Sets the store right after something was lost: gradings that the queue no longer holds (Redis was flushed, or we died
 * before they were in it) and gradings whose worker is silent go back to the line. Works on start and on a timer, and looks
 * at unfinished gradings only.
 */
export function startReconciling({
  store,
  queue,
  hints,
  log,
  now = () => new Date(),
  everyMs = 3000,
  settleMs = 2000,
}: Options): Repeating {
  const startedAt = now().getTime()
  let first = true

  async function reconcile(): Promise<void> {
    await returnSilent()
    if (queue.state().state !== 'ready') return
    await returnMissing()
    first = false
  }

  async function returnSilent(): Promise<void> {
    const silentSince = now().getTime() - WORKER_SILENT_MS
    // While we were away nobody could be heard: every worker gets the whole time after our start.
    if (silentSince < startedAt) return
    const returned = await store.returnLost(new Date(silentSince).toISOString())
    if (returned > 0) log.warn({ gradings: returned }, 'their worker is silent; the gradings go back to the line')
  }

  async function returnMissing(): Promise<void> {
    // What was dispatched before our start is nobody's to put into the queue any more.
    const before = now().getTime() - (first ? 0 : settleMs)
    const missing = await queue.missing(await store.dispatched(new Date(before).toISOString()))
    if (missing.length === 0) return
    await store.undispatch(missing.map(grading => grading.gradingId))
    hints.lineMoved()
    log.warn({ gradings: missing.length }, 'the queue lost them; the gradings go back to the line')
  }

  const loop = repeat(reconcile, { everyMs, onError: error => log.warn({ err: error }, 'could not reconcile the store with the queue') })
  const end = queue.onChange(loop.wake)
  loop.wake()
  return {
    ...loop,
    close: async () => {
      end()
      await loop.close()
    },
  }
}
