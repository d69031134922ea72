import { Queue } from 'bullmq'
import { QUEUE_NAME } from '../core/worker-api.ts'
import { connectRedis, type RedisState } from './redis.ts'

/** BullMQ's keys all begin with it; workers use the same. */
export const QUEUE_PREFIX = 'assay'

/** A grading, and the token of its last claim so far: after another claim it is another job. */
export type QueueEntry = { gradingId: string; token: number }

/**
 * The short queue from which workers draw: ids of gradings, never more than the dispatcher feeds. It may lose everything at
 * any moment; the store doesn't.
 */
export type GradingQueue = {
  state: () => RedisState
  onChange: (listener: () => void) => () => void
  /** Rejects within ANSWER_MS when Redis doesn't take them; what is in the queue already is not added twice. */
  add: (gradings: readonly QueueEntry[]) => Promise<void>
  /** Those of them that the queue doesn't hold, waiting or with a worker. */
  missing: (gradings: readonly QueueEntry[]) => Promise<QueueEntry[]>
  close: () => Promise<void>
}

const ANSWER_MS = 3000

/** A worker thought lost may hold the job of its claim for long: the same grading, dispatched anew, is a job of its own. */
const jobId = ({ gradingId, token }: QueueEntry) => `${gradingId}-${token}`

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
    add: gradings =>
      within(ANSWER_MS, async () => {
        const queue = await ready()
        await queue.addBulk(
          gradings.map(grading => ({
            name: 'grade',
            data: { gradingId: grading.gradingId },
            opts: { jobId: jobId(grading), removeOnComplete: true, removeOnFail: true },
          })),
        )
      }),
    missing: gradings =>
      within(ANSWER_MS, async () => {
        if (gradings.length === 0) return []
        const queue = await ready()
        const jobs = await Promise.all(gradings.map(grading => queue.getJob(jobId(grading))))
        return gradings.filter((_, index) => !jobs[index])
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
