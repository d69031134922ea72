import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { join, resolve } from 'node:path'
import type { Duplex } from 'node:stream'
import { GraderError } from '../../../core/errors.ts'
import { hashOf } from '../../../worker/sandbox/docker/build-context.ts'
import { buildImage } from '../../../worker/sandbox/docker/build-image.ts'
import { debianBase } from '../../../worker/sandbox/docker/debian-base.ts'
import { connectEngine, type Engine } from '../../../worker/sandbox/docker/engine.ts'
import { imageDigest } from '../../../worker/sandbox/docker/images.ts'
import { readSetupConfig } from '../config.ts'
import { provideEngine } from '../engine/engine.ts'
import { waitForRedis } from './check.ts'
import type { RedisOptions, RunningRedis } from './redis.ts'

const ROOT = resolve(import.meta.dirname, '../../..')

/*
 * The last rung of the ladder: a Valkey container of our own, from the Dockerfile's stage of that name. It keeps its data
 * in a volume named after the data folder, listens on a port of 127.0.0.1 and asks for a password made for this run.
 * It ends with us: its shell reads from the line that we hold open, and the engine closes that when we are gone.
 */
const TIED = 'valkey-server "$@" & child=$!; read -r _; kill -TERM "$child"; wait "$child"'

/** Starts the container. Throws GraderError when there is no engine either. */
export async function startRedisContainer({ dataDir, log }: RedisOptions): Promise<RunningRedis> {
  const engine = connectEngine({ dockerHost: (await engineOrAdvice(log)).host })
  const image = await valkeyImage(engine, log)
  const password = randomBytes(24).toString('base64url')
  const line = await run(engine, { image, password, volume: `assay-redis-${shortHash(resolve(dataDir))}` })
  const ended = once(line.stream, 'close')
  const end = async () => {
    line.stream.end()
    await ended
  }
  try {
    const url = `redis://:${password}@127.0.0.1:${line.port}`
    const gone = ended.then(() => {
      throw new GraderError('REDIS_START', `the Valkey container ended while starting: ${line.said()}`)
    })
    const { version } = await Promise.race([waitForRedis(url), gone])
    const why = `Valkey ${version} in a container, because REDIS_URL is not set and no redis-server is installed`
    return { url, why, ended, [Symbol.asyncDispose]: end }
  } catch (error) {
    line.stream.destroy()
    throw error
  }
}

async function engineOrAdvice(log: (line: string) => void) {
  log('no redis-server or valkey-server is installed and none may be; looking for an engine to run one in a container')
  try {
    return await provideEngine(readSetupConfig(), log)
  } catch (cause) {
    throw new GraderError(
      'REDIS_MISSING',
      `no redis-server or valkey-server is installed, and there is no engine for a container: ${(cause as Error).message}. Install one (Debian: apt-get install redis-server), or set REDIS_URL`,
      { cause },
    )
  }
}

async function valkeyImage(engine: Engine, log: (line: string) => void): Promise<string> {
  const files = new Map([['Dockerfile', join(ROOT, 'Dockerfile')]])
  const ref = `assay-valkey:${(await hashOf(files, ['valkey'])).slice(0, 16)}`
  if (await imageDigest(engine, ref)) return ref
  const from = await debianBase(engine, { log, cacheFolder: join(ROOT, '.cache') })
  await buildImage(engine, { ref, from, files, target: 'valkey', network: true, log: line => log(`assay-valkey: ${line}`) })
  return ref
}

type Line = { stream: Duplex; port: number; said: () => string }

async function run(engine: Engine, { image, password, volume }: { image: string; password: string; volume: string }): Promise<Line> {
  const settings = ['--requirepass', password, '--bind', '0.0.0.0', '--dir', '/data', '--appendonly', 'yes', '--save', '']
  const container = await engine.ask('make the Valkey container', docker =>
    docker.createContainer({
      Image: image,
      Entrypoint: ['sh', '-c', TIED, 'valkey', ...settings, '--maxmemory-policy', 'noeviction'],
      Labels: { 'assay.redis': volume },
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      ExposedPorts: { '6379/tcp': {} },
      HostConfig: {
        AutoRemove: true,
        Binds: [`${volume}:/data`],
        PortBindings: { '6379/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
      },
    }),
  )
  const stream = (await engine.ask('connect to the Valkey container', () =>
    container.attach({ stream: true, hijack: true, stdin: true, stdout: true, stderr: true }),
  )) as Duplex
  let words = ''
  stream.on('data', (bytes: Buffer) => (words = (words + bytes.toString('latin1')).slice(-500)))
  stream.on('error', () => {})
  await engine.ask('start the Valkey container', () => container.start())
  const { NetworkSettings } = await engine.ask('look at the Valkey container', () => container.inspect())
  const port = Number(NetworkSettings.Ports['6379/tcp']?.[0]?.HostPort)
  return { stream, port, said: () => words.trim() }
}

const shortHash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)
