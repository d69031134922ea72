import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { putRegrades } from '../../bench/load/regrades.ts'
import type { Bundle } from '../../core/bundle.ts'
import { startDispatcher } from '../../server/dispatcher.ts'
import { createHints } from '../../server/events.ts'
import type { GradingQueue, QueueEntry } from '../../server/grading-queue.ts'
import type { Repeating } from '../../server/repeating.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import type { Store } from '../../server/store/store.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { heartbeatOf, newSubmission, reportOf, SAMPLE } from './store/samples.ts'

/** A queue that says it is there and then takes nothing, until it is told to. */
function refusingQueue() {
  const queue = {
    refuses: true,
    asked: 0,
    state: () => ({ state: 'ready' as const }),
    onChange: () => () => {},
    added: [] as string[],
    tokens: [] as number[],
    add: async (gradings: readonly QueueEntry[]) => {
      queue.asked++
      if (queue.refuses) throw new Error('OOM command not allowed')
      queue.added.push(...gradings.map(each => each.gradingId))
      queue.tokens.push(...gradings.map(each => each.token))
    },
    missing: async () => [],
    close: async () => {},
  } satisfies GradingQueue & Record<string, unknown>
  return queue
}

let folder: ReturnType<typeof tempFolder>
let store: Store
let dispatcher: Repeating | undefined
const hints = createHints()

beforeEach(async () => {
  folder = tempFolder()
  store = await openSqliteStore({ path: join(folder.path, 'assay.sqlite'), hints })
  await store.publish([SAMPLE])
  await store.heartbeat('worker-1', heartbeatOf())
})

afterEach(async () => {
  await dispatcher?.close()
  await store.close()
  folder[Symbol.dispose]()
})

test('what the queue refuses waits again, and the queue is left alone until the next turn', async () => {
  const queue = refusingQueue()
  const said: string[] = []
  const log = { info: (_: object, message: string) => said.push(message), warn: (_: object, message: string) => said.push(message) }
  dispatcher = startDispatcher({ store, queue, hints, log, everyMs: 3_600_000 })
  await store.accept(newSubmission())
  await dispatcher.idle()
  expect(await store.counts()).toMatchObject({ waiting: 1, dispatched: 0 })
  expect(said).toEqual([expect.stringContaining('wait in the store')])
  for (let each = 0; each < 5; each++) await store.accept(newSubmission())
  await dispatcher.idle()
  expect(queue.asked).toBe(1)
})

test('the next turn comes by the timer', async () => {
  const queue = refusingQueue()
  dispatcher = startDispatcher({ store, queue, hints, log: { info: () => {}, warn: () => {} }, everyMs: 20 })
  await store.accept(newSubmission())
  await dispatcher.idle()
  queue.refuses = false
  await expect.poll(() => store.counts()).toMatchObject({ waiting: 0, dispatched: 1 })
})

test('an error of the store ends one turn, not the dispatcher', async () => {
  const queue = refusingQueue()
  queue.refuses = false
  let failing = true
  const unsteady: Store = { ...store, workers: () => (failing ? Promise.reject(new Error('locked')) : store.workers()) }
  const said: string[] = []
  const log = { info: () => {}, warn: (_: object, message: string) => said.push(message) }
  dispatcher = startDispatcher({ store: unsteady, queue, hints, log, everyMs: 3_600_000 })
  await store.accept(newSubmission())
  await dispatcher.idle()
  expect(said).toContain('nothing could be dispatched')
  failing = false
  dispatcher.wake()
  await dispatcher.idle()
  expect(await store.counts()).toMatchObject({ waiting: 0, dispatched: 1 })
})

test('one that is in the queue and could not be marked may be claimed, and comes as the same job again', async () => {
  const queue = refusingQueue()
  queue.refuses = false
  let failing = true
  const unsteady: Store = { ...store, dispatch: ids => (failing ? Promise.reject(new Error('locked')) : store.dispatch(ids)) }
  dispatcher = startDispatcher({ store: unsteady, queue, hints, log: { info: () => {}, warn: () => {} }, everyMs: 3_600_000 })
  const one = await accept()
  await dispatcher.idle()
  const other = await accept()
  await dispatcher.idle()
  expect(new Set(queue.added)).toEqual(new Set([one, other]))
  expect(await store.claim(one, 'worker-1')).toMatchObject({ token: 1 })
  failing = false
  queue.added = []
  dispatcher.wake()
  await dispatcher.idle()
  expect(queue.added).toEqual([other])
  expect(new Set(queue.tokens)).toEqual(new Set([0]))
  expect(await store.counts()).toMatchObject({ waiting: 0, dispatched: 1, running: 1 })
})

async function accept(): Promise<string> {
  const accepted = await store.accept(newSubmission())
  if (accepted.result !== 'accepted') throw new Error(accepted.result)
  return accepted.submission.gradingId
}

test('regrades leave a place free, and wait in the store as long as a learner waits', async () => {
  const path = join(folder.path, 'assay.sqlite')
  const graded = { exercise: SAMPLE.slug, kind: 'endpoint', runtime: 'node', files: newSubmission().files, expected: 'accepted' } as const
  await store.close()
  await putRegrades(path, 5, { bundles: [SAMPLE as unknown as Bundle], handIns: [graded] })
  store = await openSqliteStore({ path, hints })
  await store.heartbeat('worker-1', heartbeatOf({ slots: 3 }))
  const queue = refusingQueue()
  queue.refuses = false
  dispatcher = startDispatcher({ store, queue, hints, log: { info: () => {}, warn: () => {} }, everyMs: 3_600_000 })
  await dispatcher.idle()
  expect(await store.counts()).toMatchObject({ waiting: 3, dispatched: 2 })

  // Of the six that are fed to three places, all others go to learners.
  for (let n = 0; n < 5; n++) await store.accept(newSubmission())
  await dispatcher.idle()
  expect(await store.counts()).toMatchObject({ waiting: 4, dispatched: 6 })
  expect((await store.next(9, 9)).map(each => each.behind)).toEqual([false, true, true, true])

  // A regrade that ended by a fault of ours is tried once more behind them all, too.
  const claim = (await store.claim(queue.added[0]!, 'worker-1'))!
  await store.recordReport(claim.gradingId, claim.token, reportOf(claim, 'grader_error'))
  await dispatcher.idle()
  expect((await store.next(9, 9)).map(each => each.behind)).toEqual([true, true, true, true])
})
