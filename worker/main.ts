import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Worker } from 'bullmq'
import closeWithGrace from 'close-with-grace'
import { Redis } from 'ioredis'
import { pino, type Logger } from 'pino'
import { redisAddress } from '../core/redis-fitness.ts'
import { GraderError } from '../core/errors.ts'
import { HEARTBEAT_MS, jobSchema, QUEUE_NAME } from '../core/worker-api.ts'
import { workerConfig, type WorkerConfig } from './config.ts'
import { keepExercises } from './keep-exercises.ts'
import { heartbeatOf, lastHeartbeat } from './heartbeat.ts'
import { freshPods } from './pod/pod-source.ts'
import { PodPool } from './pool/pod-pool.ts'
import { pause } from './pause.ts'
import { ReportOutbox } from './report-outbox.ts'
import { admitEngine } from './sandbox/docker/admit-engine.ts'
import { openDockerSandbox } from './sandbox/docker/docker-sandbox.ts'
import { ServerClient } from './server-client.ts'
import { takeGrading, type Held } from './take-grading.ts'

/*
 * A worker: takes grading ids from the queue, grades them in pods of its own engine, and tells the server. It holds no
 * store. The queue only says which grading to ask the server for; the claim decides.
 */

/** How long gradings under way may take to finish once the worker is asked to end; then they go back to the line. */
const FINISH_MS = 10_000

const config = workerConfig(process.env)
const log = pino({ name: 'worker', level: config.logLevel })
await run(config, log)

async function run(
  { workerId, serverUrl, workerToken, redisUrl, dockerHost, dataFolder, runtime, acceptOldEngine, slots, warmMemoryBytes }: WorkerConfig,
  log: Logger,
): Promise<void> {
  await mkdir(dataFolder, { recursive: true })
  const admission = await admitted()
  if (admission === 'refused') process.exit(1)
  const server = new ServerClient({ serverUrl, workerToken, workerId })
  const outbox = new ReportOutbox(join(dataFolder, 'report-outbox'), server)
  const sandbox = openDockerSandbox({ dockerHost })
  const pool = warmMemoryBytes > 0 ? new PodPool({ sandbox, slots, memoryBytes: warmMemoryBytes, log }) : undefined
  const pods = pool ?? freshPods(sandbox)
  const held: Held = new Map()
  const stopping = new AbortController()

  const redis = new Redis(redisAddress(redisUrl), { maxRetriesPerRequest: null })
  redis.on('error', error => log.warn({ err: error.message }, 'Redis is away'))
  const jobs = new Worker(
    QUEUE_NAME,
    async job => {
      const { gradingId } = jobSchema.parse(job.data)
      // Fetched just before the pause: the server finds it among those that no queue holds and dispatches it again.
      if (jobs.isPaused()) throw new Error('this worker takes none just now')
      await takeGrading(gradingId, {
        server,
        outbox,
        sandbox,
        sandboxRuntime: runtime,
        pods,
        held,
        onEngineAway: () => leaveJobs('the Docker engine is away'),
        log,
      })
    },
    {
      connection: redis,
      prefix: 'assay',
      concurrency: slots,
      lockDuration: 15_000,
      stalledInterval: 5_000,
      maxStalledCount: 5,
      autorun: false,
    },
  )
  jobs.on('error', error => log.warn({ err: error.message }, 'queue'))
  jobs.on('failed', (job, error) => log.error({ gradingId: job?.data.gradingId, err: error }, 'grading not taken'))

  const removed = await sandbox.reap().catch(() => 0)
  if (removed > 0) log.info({ removed }, 'removed boxes of workers that are no more')
  if (admission === 'away') await leaveJobs('the Docker engine is away')
  const beside: Promise<void>[] = []
  const ending = closeWithGrace({ delay: FINISH_MS + 15_000, logger: false }, async ({ err }) => {
    if (err) log.error({ err }, 'worker ends by an error')
    log.info({ held: held.size }, 'worker stops taking gradings')
    const handBack = setTimeout(() => {
      for (const { stop } of held.values()) stop('shutdown')
    }, FINISH_MS)
    await jobs.close()
    clearTimeout(handBack)
    stopping.abort()
    await Promise.all(beside)
    await pool?.[Symbol.asyncDispose]()
    // So that nobody counts on this worker for as long as a silent one would be believed.
    await server.heartbeat(await lastHeartbeat(outbox, dataFolder)).catch(() => {})
    redis.disconnect()
    log.info('worker ended')
  })

  // Before the first job: who can't reach the server takes none.
  await beat()
  if (jobs.closing) return
  beside.push(keepBeating(), keepExercises({ server, sandbox, sandboxRuntime: runtime, pool, log, signal: stopping.signal }))
  void jobs.run()
  log.info({ workerId, slots, runtime }, 'worker takes gradings')

  /** Whether the engine is one that this worker may grade with; says why not, and at every start what was accepted. */
  async function admitted(): Promise<'yes' | 'refused' | 'away'> {
    try {
      for (const line of await admitEngine({ dockerHost, runtime, acceptOld: acceptOldEngine })) log.warn(line)
      return 'yes'
    } catch (error) {
      if (!(error instanceof GraderError)) throw error
      if (error.code === 'ENGINE_AWAY') return 'away'
      log.fatal({ code: error.code }, error.message)
      return 'refused'
    }
  }

  /** Another engine may have come back than went. */
  async function takeJobsAgain(): Promise<void> {
    const admission = await admitted()
    if (admission === 'refused') ending.close()
    if (admission !== 'yes') return
    // What could not be removed while the engine was away.
    await sandbox.reap().catch(() => 0)
    log.info('engine and server are there; gradings are taken again')
    await jobs.resume()
  }

  /** A worker that took gradings without being able to grade, or to tell the server, would keep them from the others. */
  async function leaveJobs(why: string): Promise<void> {
    if (jobs.isPaused()) return
    log.error(`${why}; no gradings are taken until it is back`)
    await jobs.pause(true)
  }

  async function keepBeating(): Promise<void> {
    for (;;) {
      await pause(HEARTBEAT_MS, stopping.signal)
      if (stopping.signal.aborted) return
      await beat()
    }
  }

  /** Says what this worker holds, and takes or leaves jobs as engine and server come and go. */
  async function beat(): Promise<void> {
    try {
      // First, so that a verdict that waited is in before the server counts what this worker holds.
      await outbox.deliverAll()
      const heartbeat = await heartbeatOf({ pool, sandbox, held, outbox, slots, folder: dataFolder })
      if (heartbeat.engine.state === 'away') await leaveJobs(`the Docker engine is away (${heartbeat.engine.message})`)
      const told = new Map(heartbeat.gradings.map(({ id, token }) => [id, token]))
      for (const id of await server.heartbeat(heartbeat)) {
        const grading = held.get(id)
        // It may have been claimed anew while the heartbeat was on its way.
        if (grading?.token === told.get(id)) grading?.stop('superseded')
      }
      if (heartbeat.engine.state === 'up' && jobs.isPaused()) await takeJobsAgain()
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      log.warn({ err: words }, 'the server was not reached')
      await leaveJobs(`the server was not reached (${words})`)
    }
  }
}
