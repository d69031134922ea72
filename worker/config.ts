import { randomBytes } from 'node:crypto'
import { availableParallelism, hostname, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { z } from 'zod'
import { parseSize } from '../core/limits.ts'
import { readEnvironment } from '../core/read-environment.ts'
import { SANDBOX_RUNTIMES } from '../core/sandbox-runtime.ts'
import { SETTINGS } from '../core/settings.ts'

const schema = z.object({
  ASSAY_URL: z.url().default(SETTINGS.ASSAY_URL.default),
  ASSAY_WORKER_TOKEN: z.string().min(16, 'expected the secret that the server has, at least 16 characters'),
  REDIS_URL: z.string().min(1, 'expected the address of the Redis that the server uses'),
  DOCKER_HOST: z.string().optional(),
  ASSAY_DATA: z.string().default(SETTINGS.ASSAY_DATA.default),
  ASSAY_RUNTIME: z.enum(SANDBOX_RUNTIMES).default(SETTINGS.ASSAY_RUNTIME.default),
  ASSAY_ACCEPT_OLD_ENGINE: z.enum(['0', '1']).default('0'),
  ASSAY_SLOTS: z.coerce.number().int().min(1).max(64).default(availableParallelism()),
  ASSAY_WARM_MEMORY: z
    .string()
    .default(String(Math.floor(totalmem() / 4)))
    .transform((text, context) => {
      const bytes = text === '0' ? 0 : parseSize(text)
      if (bytes === undefined) context.addIssue({ code: 'custom', message: `expected a size such as "4g", or 0, got "${text}"` })
      return bytes ?? z.NEVER
    }),
  ASSAY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

export type WorkerConfig = ReturnType<typeof workerConfig>

/** Reads the settings of a worker once; throws InvalidInput naming each setting that is wrong. */
export function workerConfig(environment: NodeJS.ProcessEnv) {
  const settings = readEnvironment(schema, environment, ['ASSAY_WORKER_TOKEN', 'REDIS_URL'])
  return Object.freeze({
    workerId: `${hostname()
      .replace(/[^A-Za-z0-9_-]/g, '-')
      .slice(0, 30)}-${process.pid}-${randomBytes(3).toString('hex')}`,
    serverUrl: settings.ASSAY_URL.replace(/\/$/, ''),
    workerToken: settings.ASSAY_WORKER_TOKEN,
    redisUrl: settings.REDIS_URL,
    dockerHost: settings.DOCKER_HOST,
    dataFolder: resolve(settings.ASSAY_DATA),
    runtime: settings.ASSAY_RUNTIME,
    acceptOldEngine: settings.ASSAY_ACCEPT_OLD_ENGINE === '1',
    slots: settings.ASSAY_SLOTS,
    warmMemoryBytes: settings.ASSAY_WARM_MEMORY,
    logLevel: settings.ASSAY_LOG_LEVEL,
  })
}
