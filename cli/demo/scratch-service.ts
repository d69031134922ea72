import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import { createApi, type Api } from '../client/api.ts'
import type { Progress } from '../progress.ts'
import { readSetupConfig } from '../setup/config.ts'
import { admitForStart } from '../setup/admit-engine.ts'
import { provideEngine } from '../setup/engine/engine.ts'
import { requireGVisor } from '../setup/gvisor.ts'
import { makeImages, wordsFor } from '../setup/images.ts'
import { startRedis } from '../setup/redis/redis.ts'
import { readableLine } from '../start/log-line.ts'
import { waitUntilReady } from '../start/readiness.ts'
import { keepRunning } from '../start/service.ts'
import { freePort } from './free-port.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const LINES_KEPT = 40

export type ScratchService = { api: Api; token: string; data: string }

/**
 * A whole service of its own: Redis, server and worker on a scratch data folder and a free port, gone with `things`
 * whatever happens. What server and worker print is kept back, and told only when they fail to come up.
 */
export async function startScratchService({
  exercisesFolder,
  progress,
  things,
  signal,
  logs = false,
}: {
  exercisesFolder: string
  progress: Progress
  things: AsyncDisposableStack
  signal: AbortSignal
  /** Tell at once what server and worker print. */
  logs?: boolean
}): Promise<ScratchService> {
  const config = readSetupConfig()
  const data = await mkdtemp(join(tmpdir(), 'assay-demo-'))
  things.defer(() => rm(data, { recursive: true, force: true }))

  const redis = await progress.step('Redis', async step => {
    const running = things.use(await startRedis({ dataDir: data, log: step.log }))
    step.says(running.why)
    return running
  })
  signal.throwIfAborted()
  const engine = await progress.step('Engine', async step => {
    const found = await provideEngine(config, step.log)
    step.says(`Docker ${found.version}, ${found.why}`)
    return found
  })
  signal.throwIfAborted()
  const accept = await admitForStart({ dockerHost: engine.host, config, ourPackages: true, say: progress.note })
  await progress.step('Images', async step => step.says(wordsFor(await makeImages({ dockerHost: engine.host, log: step.log }))))
  if (config.runtime === 'runsc')
    await progress.step('gVisor', async step => step.says(await requireGVisor({ dockerHost: engine.host, log: step.log })))
  signal.throwIfAborted()

  const token = await firstToken(join(data, 'assay.sqlite'))
  const url = `http://127.0.0.1:${await freePort()}`
  const env = {
    ...config.environment,
    HOST: '127.0.0.1',
    PORT: new URL(url).port,
    ASSAY_DATA: data,
    ASSAY_STORE_URL: '',
    ASSAY_EXERCISES: exercisesFolder,
    ASSAY_URL: url,
    ASSAY_WORKER_TOKEN: randomBytes(32).toString('base64url'),
    REDIS_URL: redis.url,
    ASSAY_ACCEPT_OLD_ENGINE: accept,
    DOCKER_HOST: engine.host,
  }
  await progress.step('Server and worker', async step => {
    const lines: string[] = []
    const services = (['server', 'worker'] as const).map(name => {
      const onLine = (line: string) => {
        if (logs) progress.note(readableLine(name, line))
        else if (lines.push(readableLine(name, line)) > LINES_KEPT) lines.shift()
      }
      // A service that dies later is started again, and that is said whatever else is shown.
      return things.use(keepRunning({ name, args: [join(ROOT, name, 'main.ts')], env, onLine, note: progress.note }))
    })
    try {
      const gone = Promise.race(services.map(service => service.firstEnd)).then(code => {
        throw new Error(`server or worker ended with code ${code} while starting`)
      })
      await Promise.race([waitUntilReady(`${url}/readyz`, signal), gone])
    } catch (error) {
      if (!signal.aborted) for (const line of lines) progress.note(`  ${line}`)
      throw error
    }
    step.says(`ready at ${url}`)
  })
  return { api: createApi({ serverUrl: url, token }), token, data }
}

/** Before the server runs, as `assay token add` does it. Staff, so that reports name every test. */
async function firstToken(path: string): Promise<string> {
  const store = await openSqliteStore({ path })
  try {
    return (await store.addToken({ owner: 'demo', group: 'demo', role: 'staff' })).token
  } finally {
    await store.close()
  }
}
