import { GraderError } from '../../../core/errors.ts'
import type { RedisOptions, RunningRedis } from './redis.ts'

/** The last rung: a Valkey container of our own. */
export function startRedisContainer(_options: RedisOptions): Promise<RunningRedis> {
  return Promise.reject(
    new GraderError(
      'REDIS_MISSING',
      'no redis-server or valkey-server is installed and none could be installed; install one (on Debian: apt-get install redis-server), or set REDIS_URL',
    ),
  )
}
