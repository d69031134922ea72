import { Queue } from 'bullmq'
import { QUEUE_NAME } from '../core/worker-api.ts'
import { connectRedis, type RedisState } from './redis.ts'

/** BullMQ's keys all begin with it; workers use the same. */
export const QUEUE_PREFIX = 'assay'

/**
 * The short queue from which workers draw: ids of gradings, never more than the dispatcher feeds. It may lose everything at
 * any moment; the store doesn't.
 */
export type GradingQueue = {
  state: () => RedisState
  onChange: (listener: () => void) => () => void
  /** Rejects within ADD_MS when Redis doesn't take them; an id that is in the queue already is not added twice. */
  add: (gradingIds: readonly string[]) => Promise<void>
  /** Those of them that the queue doesn't hold, waiting or with a worker. */
  missing: (gradingIds: readonly string[]) => Promise<string[]>
  close: () => Promise<void>
}

const ADD_MS = 3000

export function openGradingQueue(redisUrl: string): GradingQueue {
  const link = connectRedis(redisUrl)
  let opened: Promise<Queue> | undefined

  /** BullMQ's queue is made once Redis is there: one that was made while it was away would stay broken. */
  function ready(): Promise<Queue> {
    const now = link.state()
    if (now.state !== 'ready') return Promise.reject(new Error(`the queue is ${now.state}: ${now.message}`))
    opened ??= openQueue().catch((error: unknown) => {
      opened = undefined
      throw error
    })
    return opened
  }

  async function openQueue(): Promise<Queue> {
    const queue = new Queue(QUEUE_NAME, { connection: link.redis, prefix: QUEUE_PREFIX })
    // What goes wrong with the connection is told by its state.
    queue.on('error', () => {})
    await queue.waitUntilReady()
    return queue
  }

  return {
    state: link.state,
    onChange: link.onChange,
    add: gradingIds =>
      within(ADD_MS, async () => {
        const queue = await ready()
        await queue.addBulk(
          gradingIds.map(gradingId => ({
            name: 'grade',
            data: { gradingId },
            opts: { jobId: gradingId, removeOnComplete: true, removeOnFail: true },
          })),
        )
      }),
    missing: gradingIds =>
      within(ADD_MS, async () => {
        if (gradingIds.length === 0) return []
        const queue = await ready()
        const jobs = await Promise.all(gradingIds.map(gradingId => queue.getJob(gradingId)))
        return gradingIds.filter((_, index) => !jobs[index])
      }),
    close: async () => {
      const queue = await opened?.catch(() => undefined)
      await queue?.close().catch(() => {})
      link.close()
    },
  }
}

async function within<Result>(ms: number, work: () => Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error(`the queue didn't answer within ${ms} ms`)), ms)
  try {
    return await Promise.race([work(), late.promise])
  } finally {
    clearTimeout(timer)
  }
}
