import { delimiter, resolve } from 'node:path'
import { SETTINGS } from '../../core/settings.ts'
import { InvalidInput } from '../../core/errors.ts'

/** What set-up reads of the environment; the settings of server and worker are theirs to read. */
export type SetupConfig = Readonly<{
  host: string
  port: number
  dataDir: string
  exercisesDir: string
  redisUrl: string | undefined
  dockerHost: string | undefined
  workerToken: string | undefined
  /** Where a worker alone finds its server. */
  serverUrl: string
  /** Where a rootless engine keeps its socket. */
  runtimeDir: string | undefined
  /** Everything, to be handed to children. */
  environment: NodeJS.ProcessEnv
}>

export function readSetupConfig(env: NodeJS.ProcessEnv = process.env): SetupConfig {
  const port = Number(env.PORT || SETTINGS.PORT.default)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidInput([{ file: 'environment', field: 'PORT', message: `expected a port number, got ${JSON.stringify(env.PORT)}` }])
  return Object.freeze({
    host: env.HOST || SETTINGS.HOST.default,
    port,
    dataDir: resolve(env.ASSAY_DATA || SETTINGS.ASSAY_DATA.default),
    exercisesDir: resolve(env.ASSAY_EXERCISES || SETTINGS.ASSAY_EXERCISES.default),
    redisUrl: env.REDIS_URL || undefined,
    dockerHost: env.DOCKER_HOST || undefined,
    workerToken: env.ASSAY_WORKER_TOKEN || undefined,
    serverUrl: env.ASSAY_URL || SETTINGS.ASSAY_URL.default,
    runtimeDir: env.XDG_RUNTIME_DIR || undefined,
    environment: env,
  })
}

/** Where programs are looked for: PATH, and the folders of servers on Debian, which a plain user's PATH often leaves out. */
export const PROGRAM_FOLDERS: readonly string[] = [
  ...new Set([
    ...(process.env.PATH ?? '').split(delimiter).filter(Boolean),
    '/usr/local/sbin',
    '/usr/sbin',
    '/sbin',
    '/usr/local/bin',
    '/usr/bin',
    '/bin',
  ]),
]
