import type { SetupConfig } from '../config.ts'
import { findProgram } from '../find-program.ts'
import { canInstallPackages, installPackages } from '../packages.ts'
import { checkRedis } from './check.ts'
import { startRedisContainer } from './container.ts'
import { spawnRedis } from './spawn.ts'

/**
 * A Redis to use. `url` is what ioredis takes: a redis:// address, or the path of a Unix socket. `why` is for people.
 * `ended` resolves when a server of our own ends, asked or not.
 */
export type RunningRedis = AsyncDisposable & { url: string; why: string; ended: Promise<unknown> }

export type RedisOptions = { dataDir: string; log: (line: string) => void }

/**
 * The ladder of contract.md: REDIS_URL, checked; else a server of our own on a socket in the data folder, installed
 * from the distribution's packages if absent and we may; else a Valkey container.
 */
export async function provideRedis(
  { redisUrl, dataDir }: Pick<SetupConfig, 'redisUrl' | 'dataDir'>,
  log: RedisOptions['log'],
): Promise<RunningRedis> {
  if (redisUrl) {
    const version = await checkRedis(redisUrl)
    return {
      url: redisUrl,
      why: `version ${version} at REDIS_URL`,
      ended: new Promise(() => {}),
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }
  }
  return startRedis({ dataDir, log })
}

/** A Redis of our own, whatever REDIS_URL says: it ends when disposed, and when this process ends in whatever way. */
export async function startRedis({ dataDir, log }: RedisOptions): Promise<RunningRedis> {
  const program = await redisProgram(log)
  return program ? spawnRedis(program, { dataDir, log }) : startRedisContainer({ dataDir, log })
}

/** The server program's path, installed if that is allowed here. */
export async function redisProgram(log: (line: string) => void): Promise<string | undefined> {
  const found = findProgram('redis-server', 'valkey-server')
  if (found || !canInstallPackages()) return found
  await installPackages(['redis-server'], log)
  return findProgram('redis-server', 'valkey-server')
}
