import { statfs } from 'node:fs/promises'
import type { Heartbeat } from '../core/worker-api.ts'
import type { PodPool } from './pool/pod-pool.ts'
import type { ReportOutbox } from './report-outbox.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { Held } from './take-grading.ts'

type Parts = { pool: PodPool | undefined; sandbox: Sandbox; held: Held; outbox: ReportOutbox; slots: number; folder: string }

/** What this worker tells the server of itself; asks the engine, so it may take as long as an engine call. */
export async function heartbeatOf({ pool, sandbox, held, outbox, slots, folder }: Parts): Promise<Heartbeat> {
  const [engine, disk, undelivered] = await Promise.all([engineState(sandbox), diskOf(folder), outbox.undelivered()])
  return {
    slots: engine.state === 'up' ? slots : 0,
    gradings: [...Array.from(held, ([id, { token }]) => ({ id, token })), ...undelivered.filter(({ id }) => !held.has(id))],
    engine,
    disk,
    boxes: held.size,
    ...(pool && { pool: pool.figures() }),
  }
}

/** The last word of a worker that ends: it takes nothing more, and holds only what it could not deliver. */
export async function lastHeartbeat(outbox: ReportOutbox, folder: string): Promise<Heartbeat> {
  return {
    slots: 0,
    gradings: await outbox.undelivered(),
    engine: { state: 'away', message: 'the worker has ended' },
    disk: await diskOf(folder),
    boxes: 0,
  }
}

async function diskOf(folder: string): Promise<Heartbeat['disk']> {
  const { bavail, blocks, bsize } = await statfs(folder)
  return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
}

async function engineState(sandbox: Sandbox): Promise<Heartbeat['engine']> {
  try {
    const { version, runtimes } = await sandbox.facts()
    return { state: 'up', version, runtimes }
  } catch (error) {
    return { state: 'away', message: (error instanceof Error ? error.message : String(error)).slice(0, 500) }
  }
}
