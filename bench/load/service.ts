import { randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { freePort } from '../../cli/demo/free-port.ts'
import { admitForStart } from '../../cli/setup/admit-engine.ts'
import { readSetupConfig } from '../../cli/setup/config.ts'
import { provideEngine } from '../../cli/setup/engine/engine.ts'
import { makeImages } from '../../cli/setup/images.ts'
import { redisArguments } from '../../cli/setup/redis/spawn.ts'
import { redisProgram } from '../../cli/setup/redis/redis.ts'
import { waitForRedis } from '../../cli/setup/redis/check.ts'
import { spawnTied } from '../../cli/setup/tied-child.ts'
import { waitUntilReady } from '../../cli/start/readiness.ts'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import { startedBy } from './memory.ts'
import type { Mix } from './mix.ts'
import { putRegrades } from './regrades.ts'

const ROOT = join(import.meta.dirname, '../..')
/** Hand-ins that one token may make in a minute, with room to spare (server/rate-limit.ts). */
const PER_TOKEN = 50
/** Reading tokens: each may ask thousands of times a minute. */
const READERS = 6

export type LoadService = {
  url: string
  /** Gradings that the worker does at a time. */
  slots: number
  pids: Record<'server' | 'worker' | 'redis', number>
  /** Files that tell of their old generations (tell-heap.ts). */
  heaps: Record<'server' | 'worker', string>
  /** Tokens of each owner, enough for all that they hand in at once. */
  tokens: ReadonlyMap<string, string[]>
  /** Of an admin. */
  readers: string[]
  /** The last lines that server and worker wrote, when something went wrong. */
  logs: () => Promise<string>
}

type Needs = { owners: readonly { owner: string; group: string; submissions: number }[]; mix: Mix; regrades: number }

/** A whole service of its own, each part a process, gone with `things`. Ready when every exercise's tests are collected. */
export async function startLoadService(
  { owners, mix, regrades }: Needs,
  { things, signal, say }: { things: AsyncDisposableStack; signal: AbortSignal; say: (line: string) => void },
): Promise<LoadService> {
  const config = readSetupConfig()
  const engine = await provideEngine(config, say)
  const accept = await admitForStart({ dockerHost: engine.host, config, ourPackages: true, say })
  await makeImages({ dockerHost: engine.host, log: say })
  signal.throwIfAborted()

  const data = await mkdtemp(join(tmpdir(), 'assay-load-'))
  things.defer(() => rm(data, { recursive: true, force: true }))
  const redis = await startRedis(data, things)
  const path = join(data, 'assay.sqlite')
  await putRegrades(path, regrades, { bundles: mix.bundles, handIns: mix.accepted })
  const { tokens, readers } = await makeTokens(path, owners)

  const url = `http://127.0.0.1:${await freePort()}`
  const secret = randomBytes(32).toString('base64url')
  const slots = Number(config.environment['ASSAY_SLOTS'] || availableParallelism())
  const environment = {
    ...config.environment,
    HOST: '127.0.0.1',
    PORT: new URL(url).port,
    ASSAY_DATA: data,
    ASSAY_STORE_URL: '',
    ASSAY_EXERCISES: resolve(mix.library),
    ASSAY_URL: url,
    ASSAY_WORKER_TOKEN: secret,
    REDIS_URL: redis.socket,
    ASSAY_ACCEPT_OLD_ENGINE: accept,
    DOCKER_HOST: engine.host,
    ASSAY_SLOTS: String(slots),
    ASSAY_LOG_LEVEL: 'warn',
  }
  const heaps = { server: join(data, 'server.heap'), worker: join(data, 'worker.heap') }
  const start = (name: 'server' | 'worker') => {
    const output = openSync(join(data, `${name}.log`), 'w')
    const telling = pathToFileURL(join(import.meta.dirname, 'tell-heap.ts'))
    telling.searchParams.set('to', heaps[name])
    const command = ['--import', telling.href, join(ROOT, name, 'main.ts')]
    const child = things.use(spawnTied(process.execPath, command, { env: environment, output }))
    closeSync(output)
    return child.process.pid!
  }
  const logs = async () =>
    (await Promise.all(['server', 'worker'].map(name => readFile(join(data, `${name}.log`), 'utf8').catch(() => ''))))
      .map(text => text.split('\n').slice(-20).join('\n'))
      .join('\n')
  const shells = { server: start('server'), worker: start('worker') }
  try {
    await waitUntilReady(`${url}/readyz`, signal)
    await untilCollected(url, secret, signal)
  } catch (error) {
    say(await logs())
    throw error
  }
  const pids = { server: startedBy(shells.server), worker: startedBy(shells.worker), redis: redis.pid }
  return { url, slots, pids, heaps, tokens, readers, logs }
}

async function startRedis(data: string, things: AsyncDisposableStack): Promise<{ socket: string; pid: number }> {
  const program = await redisProgram(() => {})
  if (!program) throw new Error('redis-server or valkey-server is needed on this machine; install the package redis-server')
  const socket = join(data, 'redis.sock')
  const output = openSync(join(data, 'redis.log'), 'w')
  things.use(spawnTied(program, redisArguments(data, socket), { output, cwd: data, linger: 3 }))
  closeSync(output)
  return { socket, pid: (await waitForRedis(socket)).pid }
}

async function makeTokens(path: string, owners: Needs['owners']): Promise<{ tokens: Map<string, string[]>; readers: string[] }> {
  const store = await openSqliteStore({ path })
  try {
    const tokens = new Map<string, string[]>()
    for (const { owner, group, submissions } of owners) {
      const own: string[] = []
      for (let left = submissions; left > 0 || own.length === 0; left -= PER_TOKEN)
        own.push((await store.addToken({ owner, group, role: 'learner' })).token)
      tokens.set(owner, own)
    }
    const readers: string[] = []
    for (let n = 0; n < READERS; n++) readers.push((await store.addToken({ owner: `reader-${n}`, group: 'readers', role: 'admin' })).token)
    return { tokens, readers }
  } finally {
    await store.close()
  }
}

async function untilCollected(url: string, secret: string, signal: AbortSignal): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(120_000)])
  for (;;) {
    const response = await fetch(`${url}/internal/v1/exercises`, { headers: { authorization: `Bearer ${secret}` }, signal: until })
    const { items } = (await response.json()) as { items: { collected: boolean }[] }
    if (items.length > 0 && items.every(each => each.collected)) return
    await sleep(200, undefined, { signal: until })
  }
}
