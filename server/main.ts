import { readFileSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import closeWithGrace from 'close-with-grace'
import type { Logger } from 'pino'
import { InvalidInput, describeFinding } from '../core/errors.ts'
import { buildApp } from './app.ts'
import { serverConfig, type ServerConfig } from './config.ts'
import { diskOf } from './disk.ts'
import { startDispatcher } from './dispatcher.ts'
import { createHints } from './events.ts'
import { openLibrary, type ExerciseLibrary } from './exercises.ts'
import { openGradingQueue } from './grading-queue.ts'
import { createLog } from './log.ts'
import { createMetrics, gaugeStore, meterStore } from './metrics.ts'
import { openStore } from './open-store.ts'
import { rateLimits } from './rate-limit.ts'
import { startReconciling } from './reconcile.ts'
import { repeat } from './repeating.ts'

/*
 * The server's process: store (with its migrations), exercise library, queue, dispatcher, reconciling, API. Redis may be
 * away at the start and at any time after it. On SIGTERM it takes no more requests, answers those it has, and exits 0;
 * gradings go on in the workers and are reported to the next server.
 */
export type RunningServer = { url: string; close(): Promise<void> }

const LIBRARY_EVERY_MS = 10_000
const PRUNE_EVERY_MS = 60 * 60 * 1000
const DAY_MS = 24 * 60 * 60 * 1000
/** Longer than any request that isn't a follower's, whose connections are closed at once. */
const CLOSE_MS = 10_000

/** Starts all of it and resolves when it listens; what was started is ended again when something after it fails. */
export async function startServer(config: ServerConfig, log: Logger): Promise<RunningServer> {
  await using started = new AsyncDisposableStack()
  const now = () => new Date()
  const hints = createHints()
  const metrics = createMetrics()
  await mkdir(config.dataFolder, { recursive: true, mode: 0o700 })
  const store = meterStore(await openStore(config.storeUrl, hints), metrics, now)
  started.defer(() => store.close())
  gaugeStore(metrics, store, now)

  const library = await openLibrary(config.exercisesFolder, store)
  tellFaults(library, log)
  const queue = openGradingQueue(config.redisUrl)
  started.defer(() => queue.close())
  const reconciling = startReconciling({ store, queue, hints, log })
  started.defer(() => reconciling.close())
  const dispatcher = startDispatcher({ store, queue, hints, log })
  started.defer(() => dispatcher.close())
  const watching = repeat(
    async () => {
      if (await library.reloadIfChanged()) tellFaults(library, log)
    },
    { everyMs: LIBRARY_EVERY_MS, onError: error => log.warn({ err: error }, 'the exercises could not be read again') },
  )
  started.defer(() => watching.close())
  const pruning = repeat(
    async () => {
      const { submissions } = await store.prune(new Date(now().getTime() - config.retentionDays * DAY_MS).toISOString())
      if (submissions > 0) log.info({ submissions }, 'files and events of old submissions pruned')
    },
    { everyMs: PRUNE_EVERY_MS, onError: error => log.warn({ err: error }, 'old submissions could not be pruned') },
  )
  started.defer(() => pruning.close())
  pruning.wake()

  const app = await buildApp({
    store,
    hints,
    queue,
    library,
    metrics,
    disk: () => diskOf(config.dataFolder),
    config,
    rateLimits: rateLimits(),
    log,
    now,
    version: packageVersion(),
  })
  started.defer(() => app.close())
  const url = await app.listen({ host: config.host, port: config.port })
  const running = started.move()
  return { url, close: () => running.disposeAsync() }
}

function tellFaults(library: ExerciseLibrary, log: Logger): void {
  log.info({ exercises: library.all().length, faulty: library.faults().length }, 'exercises read')
  for (const { folder, findings } of library.faults())
    log.warn({ folder, findings: findings.map(describeFinding) }, 'an exercise can not be used as it is')
}

function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }
  return version
}

if (import.meta.main) {
  try {
    const config = serverConfig(process.env)
    const log = createLog(config.logLevel)
    const server = await startServer(config, log)
    closeWithGrace({ delay: CLOSE_MS, logger: log }, async ({ signal, err }) => {
      if (err) log.error({ err }, 'ending after an error')
      else log.info({ signal }, 'ending: no more requests are taken')
      await server.close()
    })
  } catch (error) {
    // Before there is a log, and for whoever started it by hand: words, not a stack.
    process.stderr.write(`${error instanceof InvalidInput ? error.message : (error as Error).stack}\n`)
    process.exitCode = 1
  }
}
