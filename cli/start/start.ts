import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { interruption } from '../interrupt.ts'
import { createProgress, type Progress } from '../progress.ts'
import { readSetupConfig, type SetupConfig } from '../setup/config.ts'
import { provideEngine } from '../setup/engine/engine.ts'
import { admitForStart } from '../setup/admit-engine.ts'
import { requireGVisor } from '../setup/gvisor.ts'
import { makeImages, wordsFor } from '../setup/images.ts'
import { askServer, redisOfServer, secretOfServer } from './for-a-server.ts'
import { keepRedis } from './keep-redis.ts'
import { reachable, waitForPort } from './readiness.ts'
import { startService, type Role } from './services.ts'
import { welcome } from './welcome.ts'
import { workerToken } from './worker-token.ts'

/*
 * Brings everything up, step by step, then runs server and worker until a signal comes. What was started is ended in
 * the reverse order: the worker first, which finishes or hands back what it holds, then the server, then Redis.
 * Only the engine stays.
 */

/** `assay start`, `serve` and `worker`. Returns when a signal asked for the end and everything has ended. */
export async function start(roles: readonly Role[]): Promise<void> {
  const config = readSetupConfig()
  const signal = interruption()
  const interrupted = once(signal, 'abort')
  const progress = createProgress()
  await using things = new AsyncDisposableStack()
  const settingUp = setUp({ roles, config, progress, things, signal })
  await Promise.race([settingUp, interrupted])
  // A step that can't be broken off goes on alone; main.ts ends the process.
  signal.throwIfAborted()
  await interrupted
  progress.note('ending: gradings under way are finished or handed back')
}

type SetUp = { roles: readonly Role[]; config: SetupConfig; progress: Progress; things: AsyncDisposableStack; signal: AbortSignal }

async function setUp({ roles, config, progress, things, signal }: SetUp): Promise<void> {
  const [serves, works] = [roles.includes('server'), roles.includes('worker')]
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  if (serves) await waitForPort(config, progress.note)

  const secret = serves ? workerToken(config.dataDir, config.workerToken) : secretOfServer(config)
  const redisUrl = await progress.step('Redis', async step => {
    const redis = serves ? things.use(await keepRedis(config, { log: step.log, note: progress.note })) : await redisOfServer(config)
    step.says(redis.why)
    return redis.url
  })
  signal.throwIfAborted()
  if (!serves) await progress.step('Server', async step => step.says(await askServer(config.serverUrl, secret)))
  signal.throwIfAborted()

  let boxes: { DOCKER_HOST: string; ASSAY_ACCEPT_OLD_ENGINE: string } | undefined
  if (works) {
    const engine = await progress.step('Engine', async step => {
      const engine = await provideEngine(config, step.log)
      step.says(`Docker ${engine.version}, ${engine.why}`)
      return engine
    })
    signal.throwIfAborted()
    const accept = await admitForStart({ dockerHost: engine.host, config, ourPackages: serves, say: progress.note })
    await progress.step('Images', async step => step.says(wordsFor(await makeImages({ dockerHost: engine.host, log: step.log }))))
    signal.throwIfAborted()
    if (config.runtime === 'runsc')
      await progress.step('gVisor', async step => step.says(await requireGVisor({ dockerHost: engine.host, log: step.log })))
    boxes = { DOCKER_HOST: engine.host, ASSAY_ACCEPT_OLD_ENGINE: accept }
    signal.throwIfAborted()
  }

  const url = `http://${reachable(config.host)}:${config.port}`
  const environment = {
    ...config.environment,
    REDIS_URL: redisUrl,
    ASSAY_WORKER_TOKEN: secret,
    ...boxes,
    ...(serves && { ASSAY_URL: url }),
  }
  if (serves)
    await progress.step('Server', async step => {
      await things.use(startService('server', environment, progress.note)).ready(`${url}/livez`, signal)
      step.says(`answers at ${url}`)
    })
  if (works)
    await progress.step('Worker', async step => {
      const worker = things.use(startService('worker', environment, progress.note))
      // The server is ready once a worker has told it that it can grade.
      if (serves) await worker.ready(`${url}/readyz`, signal)
      step.says(serves ? 'takes submissions' : `works for the server at ${config.serverUrl}`)
    })
  if (serves && works) process.stdout.write(await welcome(url, config))
}
