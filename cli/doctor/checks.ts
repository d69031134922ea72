import { existsSync, statfsSync } from 'node:fs'
import { release } from 'node:os'
import { dirname, join } from 'node:path'
import { GraderError } from '../../core/errors.ts'
import { parseSize } from '../../core/limits.ts'
import { OLDEST_REDIS } from '../../core/redis-fitness.ts'
import { SETTINGS } from '../../core/settings.ts'
import { connectEngine, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { engineVersions } from '../../worker/sandbox/docker/engine-versions.ts'
import { judgeVersions } from '../../worker/sandbox/docker/judge-versions.ts'
import type { SetupConfig } from '../setup/config.ts'
import { findEngine } from '../setup/engine/find.ts'
import { findProgram } from '../setup/find-program.ts'
import { checkRedis } from '../setup/redis/check.ts'
import { socketPath } from '../setup/redis/spawn.ts'
import { postgresVersion, undiciVersion } from './component-versions.ts'
import type { Finding } from './finding.ts'
import { FLOORS, judgeVersion, type Floor } from './floors.ts'

/** The Docker engine: whether it answers, its version, its storage and its warnings. Also returns where it is. */
export async function checkEngine(config: SetupConfig): Promise<{ findings: Finding[]; host?: string; hasGVisor?: boolean }> {
  const wanted = 'an engine that answers'
  try {
    const engine = await findEngine(config)
    if (!engine) return { findings: [fail('engine', 'none answers', wanted, 'run "npx assay engine start", or set DOCKER_HOST')] }
    const connected = connectEngine({ dockerHost: engine.host })
    const facts = await engineFacts(connected)
    return {
      host: engine.host,
      hasGVisor: facts.runtimes.includes('runsc'),
      findings: [
        ok('engine', engine.why, wanted),
        ...judgeVersions(await engineVersions(connected), config.acceptOldEngine === true),
        checkGVisor(facts.runtimes, config.runtime),
        facts.storageDriver === 'vfs'
          ? warn(
              'engine storage',
              'vfs',
              'overlay2',
              'vfs copies every image layer for each box: move /var/lib/docker to a disk that overlay2 works on',
            )
          : ok('engine storage', facts.storageDriver, 'not vfs'),
        ...facts.warnings.map(warning =>
          warn('engine warning', warning, 'none', 'a limit it names may not hold; the probe below says whether'),
        ),
      ],
    }
  } catch (error) {
    if (!(error instanceof GraderError)) throw error
    return { findings: [fail('engine', error.message, wanted, 'see above')] }
  }
}

export function checkVersions(): Finding[] {
  return [
    version('Node', process.version.slice(1), FLOORS.node, 'run "npm ci": the project brings its own Node'),
    version('undici', undiciVersion(), FLOORS.undici, 'update the lockfile of sandbox-images/examiner'),
    version('kernel', release(), FLOORS.kernel, 'install a newer kernel of your distribution'),
  ]
}

/** The image's server: an image stays as it was made, however many security updates the distribution has brought since. */
export async function checkPostgres(dockerHost: string): Promise<Finding> {
  return version(
    'PostgreSQL',
    await postgresVersion(dockerHost),
    FLOORS.postgres,
    'run "npm run images -- --fresh" to make the images anew',
  )
}

/** gVisor may be missing, unless the worker's setting asks for it. */
function checkGVisor(runtimes: readonly string[], asked: string): Finding {
  const wanted = 'runsc among the engine’s runtimes'
  const get = '"npx assay engine gvisor" brings it to an engine on this host; for others see docs/operators/engine.md'
  if (runtimes.includes('runsc'))
    return ok('gVisor', asked === 'runsc' ? 'runs the programs of learners' : 'runs where ASSAY_RUNTIME or an exercise asks for it', wanted)
  if (asked === 'runsc') return fail('gVisor', 'the engine has no runtime "runsc", and ASSAY_RUNTIME asks for it', wanted, get)
  return warn('gVisor', 'the engine has no runtime "runsc": learners’ programs share the host’s kernel', wanted, get)
}

/** REDIS_URL if it is set, else the server of a running `assay start`, else whether one could be started. */
export async function checkRedisServer({ redisUrl, dataDir }: SetupConfig): Promise<Finding> {
  const wanted = `Redis ${OLDEST_REDIS} or newer, or Valkey, with noeviction`
  const own = socketPath(join(dataDir, 'redis'))
  try {
    if (redisUrl) return ok('Redis', `${await checkRedis(redisUrl)} at REDIS_URL`, wanted)
    if (existsSync(own)) return ok('Redis', `${await checkRedis(own)}, ours, runs`, wanted)
  } catch (error) {
    if (!(error instanceof GraderError)) throw error
    if (redisUrl) return fail('Redis', error.message, wanted, 'mend it, or unset REDIS_URL to have one started')
  }
  const program = findProgram('redis-server', 'valkey-server')
  return program
    ? ok('Redis', `${program}, started by "assay start"`, wanted)
    : warn(
        'Redis',
        'no server is installed',
        wanted,
        '"assay start" installs one where it may; else apt-get install redis-server, or set REDIS_URL',
      )
}

export function checkDisk({ dataDir, environment }: SetupConfig): Finding[] {
  const least = parseSize(environment.ASSAY_MIN_FREE_DISK ?? SETTINGS.ASSAY_MIN_FREE_DISK.default) ?? 0
  return [
    ['data folder', dataDir],
    ['engine storage', '/var/lib/docker'],
  ].map(([name, folder]) => {
    const { bavail, bsize } = statfsSync(nearestFolder(folder!))
    const free = bavail * bsize
    const [found, wanted] = [`${gibibytes(free)} free`, `${gibibytes(least * 4)} free`]
    if (free < least)
      return fail(
        `disk of the ${name}`,
        found,
        wanted,
        `free space on the disk of ${folder}: intake stops with 507 below ASSAY_MIN_FREE_DISK`,
      )
    if (free < least * 4) return warn(`disk of the ${name}`, found, wanted, `free space on the disk of ${folder} soon`)
    return ok(`disk of the ${name}`, found, wanted)
  })
}

/** ASSAY_ settings that nobody reads are most likely spelt wrong. */
export function checkSettings({ environment }: SetupConfig): Finding[] {
  const unknown = Object.keys(environment).filter(name => name.startsWith('ASSAY_') && !(name in SETTINGS))
  if (unknown.length === 0) return [ok('settings', 'every ASSAY_ setting is a known one', 'known names')]
  return unknown.map(name =>
    warn('settings', name, 'a name of docs/operators/settings.md', 'nothing reads it: correct its spelling or unset it'),
  )
}

function version(check: string, found: string, floor: Floor, whatToDo: string): Finding {
  const state = judgeVersion(found, floor)
  const wanted = state === 'fail' ? `${floor.least} or newer` : `${floor.better} or newer`
  if (state === 'ok') return ok(check, found, wanted)
  return { check, state, found, wanted, whatToDo: state === 'warn' ? `${whatToDo}: ${floor.because}` : whatToDo }
}

function nearestFolder(path: string): string {
  return existsSync(path) ? path : nearestFolder(dirname(path))
}

const gibibytes = (bytes: number) => `${(bytes / 1024 ** 3).toFixed(1)} GiB`
const ok = (check: string, found: string, wanted: string): Finding => ({ check, state: 'ok', found, wanted })
const warn = (check: string, found: string, wanted: string, whatToDo: string): Finding => ({
  check,
  state: 'warn',
  found,
  wanted,
  whatToDo,
})
const fail = (check: string, found: string, wanted: string, whatToDo: string): Finding => ({
  check,
  state: 'fail',
  found,
  wanted,
  whatToDo,
})
