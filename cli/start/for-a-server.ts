import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { GraderError, InvalidInput } from '../../core/errors.ts'
import type { SetupConfig } from '../setup/config.ts'
import { checkRedis } from '../setup/redis/check.ts'
import { redisOfDataFolder } from './keep-redis.ts'
import { TOKEN_FILE, workerToken } from './worker-token.ts'

/*
 * What a worker alone must be given of its server: the secret, the Redis and the address. Looked at before anything is
 * built for it, because a worker with a wrong one of them would look alive and never grade.
 */
const ANSWER_MS = 5_000

/** ASSAY_WORKER_TOKEN, else the one that an `assay serve` keeps in this data folder. Throws InvalidInput where there is none: one made here would be no server's. */
export function secretOfServer({ dataDir, workerToken: given }: SetupConfig): string {
  if (given || existsSync(join(dataDir, TOKEN_FILE))) return workerToken(dataDir, given)
  const message = `expected the secret of the server: its own ASSAY_WORKER_TOKEN, or what stands in "${TOKEN_FILE}" of its data folder; got none`
  throw new InvalidInput([{ file: 'environment', field: 'ASSAY_WORKER_TOKEN', message }])
}

/** REDIS_URL, checked, else the Redis of an `assay serve` on this data folder. */
export async function redisOfServer({ redisUrl, dataDir }: SetupConfig): Promise<{ url: string; why: string }> {
  if (redisUrl) return { url: redisUrl, why: `version ${await checkRedis(redisUrl)} at REDIS_URL` }
  return { url: redisOfDataFolder(dataDir), why: 'of the server on the same data folder' }
}

/**
 * Asks the server whether it takes this worker. Returns what it said, in words; a server that doesn't answer yet is one of
 * them, since a worker waits for its server. Throws GraderError where waiting won't help.
 */
export async function askServer(serverUrl: string, secret: string): Promise<string> {
  if (!URL.canParse(serverUrl))
    throw new InvalidInput([
      { file: 'environment', field: 'ASSAY_URL', message: `expected an address such as "https://assay.example", got "${serverUrl}"` },
    ])
  const path = '/internal/v1/exercises'
  const response = await fetch(`${serverUrl.replace(/\/$/, '')}${path}`, {
    headers: { authorization: `Bearer ${secret}` },
    redirect: 'manual',
    signal: AbortSignal.timeout(ANSWER_MS),
  }).catch((error: Error) => error)
  if (response instanceof Error) {
    const why = response.cause instanceof Error ? response.cause.message : response.message
    return `${serverUrl} does not answer yet (${why}); the worker goes on asking`
  }
  await response.body?.cancel()
  if (response.ok) return `answers at ${serverUrl}, and takes this worker`
  if (response.status === 401)
    throw new GraderError('WORKER_TOKEN', `the server at ${serverUrl} has another ASSAY_WORKER_TOKEN than this worker; give both the same`)
  if (response.status >= 500) return `${serverUrl} answers ${response.status}; the worker goes on asking`
  throw new GraderError(
    'NOT_ASSAY',
    `${serverUrl} answers ${response.status} to ${path}: expected an Assay server at ASSAY_URL. A proxy before it must let workers through to /internal/v1`,
  )
}
