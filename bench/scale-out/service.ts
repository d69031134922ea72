import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { createApi, type Api } from '../../cli/client/api.ts'
import { freePort } from '../../cli/demo/free-port.ts'
import { redisProgram } from '../../cli/setup/redis/redis.ts'
import { waitForRedis } from '../../cli/setup/redis/check.ts'
import { spawnTied } from '../../cli/setup/tied-child.ts'
import { waitUntilReady } from '../../cli/start/readiness.ts'
import { ROOT } from '../../worker/sandbox/docker/image-recipes.ts'
import { treeSeconds } from '../measure/processor-time.ts'
import type { PinnedEngine } from './pinned-engine.ts'

const run = promisify(execFile)

export type Service = {
  api: Api
  url: string
  /** Seconds of processor time that the server and Redis have used so far. */
  seconds: () => { server: number; redis: number }
  /** How many verdicts the server has recorded so far: as many as submissions, or something was graded twice. */
  verdicts: () => Promise<number>
  /** Starts a worker on this engine, held to the engine's core, with a data folder of its own. */
  startWorker: (engine: PinnedEngine, slots: number) => Promise<RunningWorker>
}

export type RunningWorker = {
  id: string
  pid: number
  /** Resolves with the next line that says this. */
  says: (words: string) => Promise<void>
  /** As a crash: nothing is handed back. */
  kill: () => Promise<void>
  stop: () => Promise<void>
}

/** One server and one Redis, for workers that share nothing with them but two addresses and a secret. Gone with `things`. */
export async function startService(
  library: string,
  { things, signal }: { things: AsyncDisposableStack; signal: AbortSignal },
): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'assay-scale-service-'))
  things.defer(() => rm(folder, { recursive: true, force: true }))
  const [redis, redisUrl] = await startRedis(folder, things)
  const url = `http://127.0.0.1:${await freePort()}`
  const secret = randomBytes(32).toString('base64url')
  const common = { PATH: process.env['PATH'] ?? '', HOME: folder, ASSAY_WORKER_TOKEN: secret, REDIS_URL: redisUrl, ASSAY_URL: url }
  const data = join(folder, 'server')
  mkdirSync(data)
  const settings = {
    ...common,
    HOST: '127.0.0.1',
    PORT: new URL(url).port,
    ASSAY_DATA: data,
    ASSAY_EXERCISES: resolve(library),
    ASSAY_LOG_LEVEL: 'warn',
  }
  const token = await makeToken(settings)
  const log = openSync(join(folder, 'server.log'), 'w')
  const server = things.use(spawnTied(process.execPath, [join(ROOT, 'server/main.ts')], { env: settings, output: log }))
  closeSync(log)
  await waitUntilReady(`${url}/livez`, signal)

  let workers = 0
  return {
    api: createApi({ serverUrl: url, token }),
    url,
    seconds: () => ({ server: treeSeconds(server.process.pid!), redis: treeSeconds(redis) }),
    async verdicts() {
      const figures = await (await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).text()
      return [...figures.matchAll(/^assay_gradings_total\{[^}]*\} (\d+)$/gm)].reduce((sum, [, counted]) => sum + Number(counted), 0)
    },
    async startWorker(engine, slots) {
      const own = join(folder, `worker-${++workers}`)
      mkdirSync(own)
      const [program, args] = engine.group.within([process.execPath, join(ROOT, 'worker/main.ts')])
      const env = { ...common, ASSAY_DATA: own, DOCKER_HOST: engine.dockerHost, ASSAY_SLOTS: String(slots), ASSAY_ACCEPT_OLD_ENGINE: '1' }
      const child = things.use(spawnTied(program, args, { env, cwd: own, output: 'pipe' }))
      const lines = followLines(child.process.stdout!, child.ended)
      const { workerId, pid } = await lines.next('worker takes gradings')
      return {
        id: String(workerId),
        pid: Number(pid),
        says: async words => void (await lines.next(words)),
        kill: async () => {
          process.kill(Number(pid), 'SIGKILL')
          await child.ended
        },
        stop: child.stop,
      }
    },
  }
}

/** On a port, as a Redis that workers on other hosts reach. Returns its process and its address. */
async function startRedis(folder: string, things: AsyncDisposableStack): Promise<[pid: number, url: string]> {
  const program = await redisProgram(() => {})
  if (!program) throw new Error('redis-server or valkey-server is needed on this machine; install the package redis-server')
  const [port, data] = [await freePort(), join(folder, 'redis')]
  mkdirSync(data)
  const log = openSync(join(folder, 'redis.log'), 'w')
  const settings = {
    port,
    bind: '127.0.0.1',
    dir: data,
    appendonly: 'yes',
    appendfsync: 'everysec',
    save: '',
    'maxmemory-policy': 'noeviction',
  }
  const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)])
  const redis = things.use(spawnTied(program, args, { output: log, linger: 3 }))
  closeSync(log)
  const url = `redis://127.0.0.1:${port}`
  await waitForRedis(url)
  return [redis.process.pid!, url]
}

/** An admin's, whose allowance a bench doesn't reach. */
async function makeToken(env: Record<string, string>): Promise<string> {
  const { stdout } = await run(process.execPath, [join(ROOT, 'cli/main.ts'), 'token', 'add', 'bench', '--role', 'admin'], { env })
  return stdout.trim()
}

type Entry = Record<string, unknown>

/** The worker's log, an entry a line; what it said while nobody listened is not lost. */
function followLines(stream: NodeJS.ReadableStream, ended: Promise<number>): { next: (words: string) => Promise<Entry> } {
  const said: Entry[] = []
  const listeners = new Set<() => void>()
  createInterface({ input: stream }).on('line', line => {
    try {
      said.push(JSON.parse(line) as Entry)
    } catch {
      return // not of the log
    }
    for (const listener of listeners) listener()
  })
  let over = false
  const end = () => {
    over = true
    for (const listener of listeners) listener()
  }
  void ended.then(end)
  return {
    async next(words) {
      const { promise, resolve, reject } = Promise.withResolvers<Entry>()
      const look = () => {
        const at = said.findIndex(({ msg }) => String(msg).includes(words))
        if (at >= 0) resolve(said.splice(0, at + 1).at(-1)!)
        else if (over) reject(new Error(`a worker ended without "${words}": ${JSON.stringify(said.slice(-5))}`))
      }
      listeners.add(look)
      look()
      return promise.finally(() => listeners.delete(look))
    },
  }
}
