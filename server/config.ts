import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { parseSize } from '../core/limits.ts'
import { readEnvironment } from '../core/read-environment.ts'
import { SETTINGS } from '../core/settings.ts'

const schema = z.object({
  HOST: z.string().default(SETTINGS.HOST.default),
  PORT: z.coerce.number('expected a port').int().min(0).max(65_535).default(Number(SETTINGS.PORT.default)),
  ASSAY_DATA: z.string().default(SETTINGS.ASSAY_DATA.default),
  ASSAY_EXERCISES: z.string().default(SETTINGS.ASSAY_EXERCISES.default),
  ASSAY_STORE_URL: z
    .string()
    .regex(/^sqlite:.+/, 'expected sqlite:<path>')
    .optional(),
  REDIS_URL: z.string('expected the address of a Redis; "npm start" finds or starts one'),
  ASSAY_WORKER_TOKEN: z.string('expected the secret that workers show').min(16),
  ASSAY_TRUSTED_PROXIES: z
    .string()
    .default(SETTINGS.ASSAY_TRUSTED_PROXIES.default)
    .refine(list => listed(list).every(isAddressOrNetwork), 'expected addresses or networks such as "10.0.0.1, 10.1.0.0/16"'),
  ASSAY_MAX_WAITING: z.coerce.number('expected a count').int().min(0).default(Number(SETTINGS.ASSAY_MAX_WAITING.default)),
  ASSAY_MIN_FREE_DISK: z
    .string()
    .default(SETTINGS.ASSAY_MIN_FREE_DISK.default)
    .refine(size => size === '0' || parseSize(size) !== undefined, 'expected a size such as "512m"'),
  ASSAY_RETENTION_DAYS: z.coerce.number('expected a number of days').min(1).default(Number(SETTINGS.ASSAY_RETENTION_DAYS.default)),
  ASSAY_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default(SETTINGS.ASSAY_LOG_LEVEL.default),
})

export type ServerConfig = ReturnType<typeof serverConfig>

/** Reads the server's settings once; throws InvalidInput naming each setting that is wrong, never with its value if it is a secret. */
export function serverConfig(environment: NodeJS.ProcessEnv) {
  const settings = readEnvironment(schema, environment, ['ASSAY_WORKER_TOKEN', 'REDIS_URL'])
  const dataFolder = resolve(settings.ASSAY_DATA)
  return Object.freeze({
    host: settings.HOST,
    port: settings.PORT,
    dataFolder,
    exercisesFolder: resolve(settings.ASSAY_EXERCISES),
    storeUrl: settings.ASSAY_STORE_URL ?? `sqlite:${join(dataFolder, 'assay.sqlite')}`,
    redisUrl: settings.REDIS_URL,
    workerToken: settings.ASSAY_WORKER_TOKEN,
    trustedProxies: listed(settings.ASSAY_TRUSTED_PROXIES),
    maxWaiting: settings.ASSAY_MAX_WAITING,
    minFreeDiskBytes: parseSize(settings.ASSAY_MIN_FREE_DISK) ?? 0,
    retentionDays: settings.ASSAY_RETENTION_DAYS,
    logLevel: settings.ASSAY_LOG_LEVEL,
  })
}

function listed(text: string): string[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(Boolean)
}

function isAddressOrNetwork(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  return family > 0 && rest.length === 0 && (bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)))
}
