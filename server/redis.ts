import { Redis } from 'ioredis'
import { redisAddress, redisFacts, redisFault } from '../core/redis-fitness.ts'

/** How long any one command may take before Redis counts as away. */
export const REDIS_ANSWER_MS = 2000
const RECONNECT_MS = 500
/** An unfit Redis is looked at again: its operator may set it right without a restart. */
const RECHECK_MS = 2000

/**
 * `away`: no connection just now, tried again for ever. `unfit`: connected, but its version or policy would lose jobs.
 */
export type RedisState = { state: 'ready' } | { state: 'away' | 'unfit'; message: string }

export type RedisLink = {
  redis: Redis
  state: () => RedisState
  /** Calls the listener each time the state changes, until the returned function is called. */
  onChange: (listener: () => void) => () => void
  close: () => void
}

/**
 * A connection for asking, never for waiting: a command fails at once while Redis is away, and after REDIS_ANSWER_MS when
 * it hangs. `url` is redis://…, rediss://… or the path of a Unix socket.
 */
export function connectRedis(url: string): RedisLink {
  const redis = new Redis(redisAddress(url), {
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    commandTimeout: REDIS_ANSWER_MS,
    connectTimeout: REDIS_ANSWER_MS,
    retryStrategy: () => RECONNECT_MS,
  })
  const listeners = new Set<() => void>()
  let state: RedisState = { state: 'away', message: 'not connected yet' }
  const become = (next: RedisState) => {
    const changed = next.state !== state.state
    state = next
    if (changed) for (const listener of listeners) listener()
  }
  let recheck: NodeJS.Timeout | undefined
  const check = async () => {
    try {
      const fault = redisFault(redisFacts(await redis.info()))
      become(fault ? { state: 'unfit', message: `Redis ${fault}` } : { state: 'ready' })
      if (fault) recheck = setTimeout(() => void check(), RECHECK_MS)
    } catch (error) {
      become({ state: 'away', message: (error as Error).message })
    }
  }
  redis.on('ready', () => void check())
  redis.on('error', error => become({ state: 'away', message: error.message }))
  redis.on('close', () => become({ state: 'away', message: state.state === 'away' ? state.message : 'the connection was closed' }))
  return {
    redis,
    state: () => state,
    onChange: listener => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close: () => {
      clearTimeout(recheck)
      redis.disconnect()
    },
  }
}
