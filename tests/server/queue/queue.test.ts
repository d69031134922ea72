import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { WORKER_SILENT_MS } from '../../../core/worker-api.ts'
import { startDispatcher } from '../../../server/dispatcher.ts'
import { openGradingQueue } from '../../../server/grading-queue.ts'
import { createClock } from '../../support/clock.ts'
import { TestProcess } from '../../support/process.ts'
import { TestRedis } from '../../support/redis.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { heartbeatOf, newSubmission, SAMPLE } from '../store/samples.ts'
import { FakeWorker } from './fake-worker.ts'
import { startServerParts, until, type ServerParts } from './server-parts.ts'

let folder: ReturnType<typeof tempFolder>
let redis: TestRedis
let disposables: AsyncDisposableStack

beforeEach(async () => {
  disposables = new AsyncDisposableStack()
  folder = disposables.adopt(tempFolder(), made => made[Symbol.dispose]())
  redis = disposables.use(await TestRedis.start())
})
afterEach(() => disposables.disposeAsync())

async function startServer(options: { now?: () => Date } = {}): Promise<ServerParts> {
  const server = disposables.use(await startServerParts({ storePath: join(folder.path, 'assay.sqlite'), redisUrl: redis.url, ...options }))
  await server.store.publish([SAMPLE])
  return server
}

async function startWorker(server: ServerParts, options: Partial<Parameters<typeof FakeWorker.start>[0]> = {}): Promise<FakeWorker> {
  return disposables.use(await FakeWorker.start({ url: server.url, redisUrl: redis.url, ...options }))
}

async function acceptMany({ store }: ServerParts, count: number): Promise<string[]> {
  const ids: string[] = []
  for (let each = 0; each < count; each++) {
    const accepted = await store.accept(newSubmission({ owner: `learner-${each % 3}` }))
    if (!('submission' in accepted)) throw new Error(accepted.result)
    ids.push(accepted.submission.id)
  }
  return ids
}

const inLine = async ({ store }: ServerParts) => {
  const { waiting, dispatched, running } = await store.counts()
  return waiting + dispatched + running
}

async function allAccepted(server: ServerParts, ids: readonly string[]): Promise<void> {
  await until(server.hints, async () => (await inLine(server)) === 0)
  for (const id of ids) expect(await server.store.submission(id)).toMatchObject({ state: 'finished', outcome: 'accepted' })
}

/** A worker's gradings that last until they are let go. */
function held() {
  const gate = Promise.withResolvers<'accepted'>()
  return { grade: () => gate.promise, letGo: () => gate.resolve('accepted') }
}

describe('dispatching', () => {
  test('what is accepted is graded', async () => {
    const server = await startServer()
    await startWorker(server)
    await allAccepted(server, await acceptMany(server, 7))
  })

  test('without a live worker nothing is put into the queue; its first heartbeat lets it begin', async () => {
    const server = await startServer()
    const ids = await acceptMany(server, 3)
    await server.dispatcher.idle()
    expect(await server.store.counts()).toMatchObject({ waiting: 3, dispatched: 0 })
    await startWorker(server)
    await allAccepted(server, ids)
  })

  test('at most twice the live slots are in flight, and workers without an engine have none', async () => {
    const { grade, letGo } = held()
    const server = await startServer()
    const worker = await startWorker(server, { slots: 1, grade })
    await worker.call('POST', '/workers/worker-2/heartbeat', heartbeatOf({ engine: { state: 'away', message: 'no dockerd' } }))
    const ids = await acceptMany(server, 6)
    await worker.claimed(1)
    await server.dispatcher.idle()
    const { waiting, dispatched, running } = await server.store.counts()
    expect({ waiting, inFlight: dispatched + running }).toEqual({ waiting: 4, inFlight: 2 })
    letGo()
    await worker.beat()
    await allAccepted(server, ids)
  })

  test('two dispatchers on one store put nothing into the queue twice', async () => {
    const server = await startServer()
    const otherQueue = openGradingQueue(redis.url)
    const log = { info: () => {}, warn: () => {} }
    const other = startDispatcher({ store: server.store, queue: otherQueue, hints: server.hints, log, everyMs: 100 })
    disposables.defer(async () => {
      await other.close()
      await otherQueue.close()
    })
    const worker = await startWorker(server, { slots: 4 })
    const ids = await acceptMany(server, 30)
    await allAccepted(server, ids)
    expect(worker.claims.map(claim => claim.submissionId).sort()).toEqual(ids.sort())
    expect(new Set(worker.claims.map(claim => claim.token))).toEqual(new Set([1]))
    expect(worker.refused).toEqual([])
  })
})

describe('Redis', () => {
  test('flushed with submissions waiting, dispatched and running: all are graded', async () => {
    const { grade, letGo } = held()
    const server = await startServer()
    const worker = await startWorker(server, { slots: 2, grade })
    const ids = await acceptMany(server, 8)
    await worker.claimed(2)
    await server.dispatcher.idle()
    expect(await server.store.counts()).toMatchObject({ running: 2, dispatched: 2, waiting: 4 })
    await redis.ask(asked => asked.flushall())
    letGo()
    await allAccepted(server, ids)
  })

  test('down at acceptance: the rows are kept, and dispatched without a restart when it is back', async () => {
    const server = await startServer()
    const worker = await startWorker(server)
    await redis.stop()
    const ids = await acceptMany(server, 3)
    server.dispatcher.wake()
    await server.dispatcher.idle()
    // The news that a connection is closed may come after the first try of it.
    while (server.queue.state().state !== 'away') await new Promise<void>(changed => server.queue.onChange(changed))
    expect(await server.store.counts()).toMatchObject({ waiting: 3, dispatched: 0 })
    await redis.start()
    await worker.claimed(3)
    await allAccepted(server, ids)
  })

  test('not there when the server starts: the same', async () => {
    await redis.stop()
    const server = await startServer()
    const ids = await acceptMany(server, 2)
    await redis.start()
    await startWorker(server)
    await allAccepted(server, ids)
  })

  test('hanging: asking it ends in time, rows go on waiting, and are dispatched when it answers again', async () => {
    const server = await startServer()
    const worker = await startWorker(server)
    await allAccepted(server, await acceptMany(server, 1))
    const pid = await redis.pid()
    process.kill(pid, 'SIGSTOP')
    const began = performance.now()
    await expect(server.queue.add([{ gradingId: 'grd_none', token: 0 }])).rejects.toThrow()
    expect(performance.now() - began).toBeLessThan(5000)
    const ids = await acceptMany(server, 2)
    process.kill(pid, 'SIGCONT')
    await allAccepted(server, ids)
    expect(worker.claims).toHaveLength(3)
  })

  test('that may drop keys is refused, and taken as soon as it is set right', async () => {
    await redis.ask(asked => asked.config('SET', 'maxmemory-policy', 'allkeys-lru'))
    const server = await startServer()
    const changed = Promise.withResolvers<void>()
    server.queue.onChange(changed.resolve)
    await changed.promise
    expect(server.queue.state()).toEqual({ state: 'unfit', message: expect.stringContaining('noeviction') })
    await startWorker(server)
    const ids = await acceptMany(server, 2)
    await server.dispatcher.idle()
    expect(await server.store.counts()).toMatchObject({ waiting: 2, dispatched: 0 })
    await redis.ask(asked => asked.config('SET', 'maxmemory-policy', 'noeviction'))
    await allAccepted(server, ids)
  })
})

describe('the server', () => {
  test('killed between store and queue: on restart every row is dispatched', async () => {
    const storePath = join(folder.path, 'assay.sqlite')
    await using child = new TestProcess(join(import.meta.dirname, 'accept-and-die.ts'), {}, [storePath])
    await child.printed(/accepted/)
    expect(await child.kill('SIGKILL')).toBe('SIGKILL')
    const server = await startServer()
    const { items } = await server.store.submissions({}, { limit: 10 })
    expect(items).toHaveLength(2)
    await startWorker(server)
    await allAccepted(
      server,
      items.map(each => each.id),
    )
  })

  test('away for long: its workers get the whole time after its start before they count as silent', async () => {
    const clock = createClock()
    const storePath = join(folder.path, 'assay.sqlite')
    const before = await startServerParts({ storePath, redisUrl: redis.url, now: clock.now })
    await before.store.publish([SAMPLE])
    const [id] = await acceptMany(before, 1)
    const { gradingId } = (await before.store.submission(id!))!
    const claim = (await before.store.claim(gradingId, 'worker-1'))!
    await before[Symbol.asyncDispose]()
    clock.pass(60 * 60 * 1000)
    const server = await startServer({ now: clock.now })
    server.reconciler.wake()
    await server.reconciler.idle()
    expect((await server.store.submission(id!))!.state).toBe('running')
    clock.pass(WORKER_SILENT_MS + 1)
    server.reconciler.wake()
    await server.reconciler.idle()
    expect((await server.store.submission(id!))!.state).toBe('queued')
    expect((await server.store.gradings(id!))[0]!.token).toBe(claim.token)
  })
})

test('a worker that vanishes in the midst of grading: the next one grades it, and its late report is refused', async () => {
  const clock = createClock()
  const server = await startServer({ now: clock.now })
  const lost = await startWorker(server, { grade: held().grade })
  const ids = await acceptMany(server, 2)
  await lost.claimed(2)
  clock.pass(WORKER_SILENT_MS + 1)
  const next = await startWorker(server, { id: 'worker-2' })
  server.reconciler.wake()
  await next.claimed(2)
  await allAccepted(server, ids)
  expect(next.claims.map(claim => claim.token)).toEqual([2, 2])
  const late = await lost.report(lost.claims[0]!, 'wrong_answer')
  expect(late.status).toBe(409)
  expect(await late.json()).toMatchObject({ type: 'superseded' })
  expect(await server.store.submission(ids[0]!)).toMatchObject({ outcome: 'accepted' })
})
