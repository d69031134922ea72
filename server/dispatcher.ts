import { liveSlots } from '../core/live-workers.ts'
import type { HintBus } from './events.ts'
import type { GradingQueue } from './grading-queue.ts'
import { repeat, type Repeating } from './repeating.ts'
import type { Store } from './store/store.ts'

type Log = { info: (fields: object, message: string) => void; warn: (fields: object, message: string) => void }

type Options = { store: Store; queue: GradingQueue; hints: HintBus; log: Log; now?: () => Date; everyMs?: number }

/** In flight at most so many times the places that live workers have: enough that no worker ever looks in vain. */
const FED_PER_SLOT = 2
/**
 * Regrades leave so many places free, where there are more than one, and none of them waits in the queue: a learner who
 * hands in while they run finds a place.
 */
const LEFT_FREE_BY_REGRADES = 1

/**
 * Feeds the queue from the store, where submissions wait, in the order that is fair (store/fair-shares.ts). Woken by every
 * hint that the line moved, by Redis coming back and by a timer. While Redis is away rows simply stay waiting. A grading
 * is marked as dispatched while it is put into the queue. If we die in between, one that is only marked is found by
 * reconciling; one that is only in the queue is claimed as it waits, or put there once more, which makes no second job.
 */
export function startDispatcher({ store, queue, hints, log, now = () => new Date(), everyMs = 1000 }: Options): Repeating {
  let away: string | undefined
  let tryAfter = 0

  async function dispatchSome(): Promise<void> {
    if (!isThere() || performance.now() < tryAfter) return
    const slots = liveSlots(await store.workers(), now())
    const { waiting, dispatched, running } = await store.counts()
    const free = FED_PER_SLOT * slots - dispatched - running
    if (free <= 0 || waiting === 0) return
    const behind = Math.max(1, slots - LEFT_FREE_BY_REGRADES) - dispatched - running
    const chosen = await store.next(free, behind)
    if (chosen.length === 0) return
    const [marked, added] = await Promise.allSettled([store.dispatch(chosen.map(grading => grading.gradingId)), queue.add(chosen)])
    if (marked.status === 'rejected') throw marked.reason
    if (added.status === 'fulfilled') return
    // Some may be in the queue all the same: a claim of a waiting grading is as good.
    await store.undispatch(marked.value.map(grading => grading.gradingId))
    tryAfter = performance.now() + everyMs
    const { message } = added.reason as Error
    log.warn({ err: message, gradings: chosen.length }, 'the queue took no gradings; they wait in the store')
  }

  /** Says once when Redis goes and once when it is back. */
  function isThere(): boolean {
    const state = queue.state()
    if (state.state === 'ready') {
      if (away !== undefined) log.info({}, 'the queue is there; gradings are dispatched')
      away = undefined
      return true
    }
    if (away !== state.state) log.warn({ queue: state.state, err: state.message }, 'the queue is away; submissions wait in the store')
    away = state.state
    return false
  }

  const loop = repeat(dispatchSome, { everyMs, onError: error => log.warn({ err: error }, 'nothing could be dispatched') })
  const ends = [hints.onLineMoved(loop.wake), queue.onChange(loop.wake)]
  loop.wake()
  return {
    ...loop,
    close: async () => {
      for (const end of ends) end()
      await loop.close()
    },
  }
}
