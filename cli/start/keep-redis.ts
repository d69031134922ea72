import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraderError } from '../../core/errors.ts'
import type { SetupConfig } from '../setup/config.ts'
import { provideRedis, startRedis } from '../setup/redis/redis.ts'
import { socketPath } from '../setup/redis/spawn.ts'

type Words = { log: (line: string) => void; note: (line: string) => void }

const WAIT_MS = 1_000

/** A Redis by the ladder; one of our own that dies is started again at the same address, and it is said. */
export async function keepRedis(config: SetupConfig, { log, note }: Words): Promise<AsyncDisposable & { url: string; why: string }> {
  const stopping = new AbortController()
  let redis = await provideRedis(config, log)
  const kept = keep()
  return {
    url: redis.url,
    why: redis.why,
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await redis[Symbol.asyncDispose]()
      await kept
    },
  }

  async function keep(): Promise<void> {
    const stopped = new Promise<void>(done => stopping.signal.addEventListener('abort', () => done()))
    for (;;) {
      await Promise.race([redis.ended, stopped])
      if (stopping.signal.aborted) return
      note('Redis ended; starting it again')
      try {
        redis = await startRedis({ dataDir: config.dataDir, log: note })
      } catch (error) {
        note(`Redis could not be started: ${error instanceof Error ? error.message : String(error)}`)
        await sleep(WAIT_MS, undefined, { signal: stopping.signal }).catch(() => {})
      }
    }
  }
}

/** The Redis that an `assay serve` on this host started for the same data folder. */
export function redisOfDataFolder(dataDir: string): string {
  const socket = socketPath(join(dataDir, 'redis'))
  if (existsSync(socket)) return socket
  throw new GraderError(
    'REDIS_MISSING',
    `REDIS_URL is not set, and no "assay serve" runs on the data folder ${dataDir}; set REDIS_URL to the server's Redis`,
  )
}
