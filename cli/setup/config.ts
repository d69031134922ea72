import { delimiter, resolve } from 'node:path'
import { SANDBOX_RUNTIMES, type SandboxRuntime } from '../../core/sandbox-runtime.ts'
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
  /** What learners' programs run in. */
  runtime: SandboxRuntime
  /** Undefined where nobody has said: `assay start` then decides for an engine of the distribution's packages. */
  acceptOldEngine: boolean | undefined
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
  const acceptOld = oneOf(env, 'ASSAY_ACCEPT_OLD_ENGINE', ['0', '1'])
  return Object.freeze({
    host: env.HOST || SETTINGS.HOST.default,
    port,
    dataDir: resolve(env.ASSAY_DATA || SETTINGS.ASSAY_DATA.default),
    exercisesDir: resolve(env.ASSAY_EXERCISES || SETTINGS.ASSAY_EXERCISES.default),
    redisUrl: env.REDIS_URL || undefined,
    dockerHost: env.DOCKER_HOST || undefined,
    workerToken: env.ASSAY_WORKER_TOKEN || undefined,
    runtime: oneOf(env, 'ASSAY_RUNTIME', SANDBOX_RUNTIMES) ?? SETTINGS.ASSAY_RUNTIME.default,
    acceptOldEngine: acceptOld === undefined ? undefined : acceptOld === '1',
    serverUrl: env.ASSAY_URL || SETTINGS.ASSAY_URL.default,
    runtimeDir: env.XDG_RUNTIME_DIR || undefined,
    environment: env,
  })
}

function oneOf<Value extends string>(env: NodeJS.ProcessEnv, name: string, values: readonly Value[]): Value | undefined {
  const given = env[name] || undefined
  if (given === undefined || (values as readonly string[]).includes(given)) return given as Value | undefined
  const message = `expected ${values.join(' or ')}, got ${JSON.stringify(given)}`
  throw new InvalidInput([{ file: 'environment', field: name, message }])
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
