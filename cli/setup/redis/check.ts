import { setTimeout as sleep } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { GraderError } from '../../../core/errors.ts'
import { redisFacts, redisFault, type RedisFacts } from '../../../core/redis-fitness.ts'

const ANSWER_MS = 5_000
/** A large append-only file is read before the first answer. */
const START_MS = 60_000

/** Checks a Redis that was given to us; returns its version. Throws GraderError with what to change. */
export async function checkRedis(url: string): Promise<string> {
  const facts = await askRedis(url).catch((cause: unknown) => {
    throw new GraderError(
      'REDIS_AWAY',
      `the Redis at REDIS_URL doesn't answer (${messageOf(cause)}); start it, or unset REDIS_URL to have one started`,
      { cause },
    )
  })
  const fault = redisFault(facts)
  if (fault) throw new GraderError('REDIS_UNFIT', `the Redis at REDIS_URL ${fault}`)
  return facts.version
}

/** Asks until the server answers. Endless but for its own limit: the caller races it with the server's end. */
export async function waitForRedis(url: string): Promise<RedisFacts & { pid: number }> {
  const until = Date.now() + START_MS
  for (;;) {
    try {
      return await askRedis(url)
    } catch (cause) {
      if (Date.now() > until) throw new GraderError('REDIS_START', `Redis doesn't answer at ${url}: ${messageOf(cause)}`, { cause })
      await sleep(25)
    }
  }
}

async function askRedis(url: string): Promise<RedisFacts & { pid: number }> {
  const redis = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => null,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
  })
  // Without a listener every refused connection is printed; the rejection of connect() says the same.
  let why: unknown
  redis.on('error', error => (why = error))
  try {
    await redis.connect()
    const info = await redis.info()
    return { ...redisFacts(info), pid: Number(/^process_id:(\d+)/m.exec(info)?.[1]) }
  } catch (error) {
    throw why ?? error
  } finally {
    redis.disconnect()
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
