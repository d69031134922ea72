import { statfs } from 'node:fs/promises'
import type { Heartbeat } from '../core/worker-api.ts'
import type { ReportOutbox } from './report-outbox.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { Held } from './take-grading.ts'

type Parts = { sandbox: Sandbox; held: Held; outbox: ReportOutbox; slots: number; folder: string }

/** What this worker tells the server of itself; asks the engine, so it may take as long as an engine call. */
export async function heartbeatOf({ sandbox, held, outbox, slots, folder }: Parts): Promise<Heartbeat> {
  const [engine, disk, undelivered] = await Promise.all([engineState(sandbox), statfs(folder), outbox.undelivered()])
  return {
    slots: engine.state === 'up' ? slots : 0,
    gradings: [...Array.from(held, ([id, { token }]) => ({ id, token })), ...undelivered.filter(({ id }) => !held.has(id))],
    engine,
    disk: { freeBytes: disk.bavail * disk.bsize, totalBytes: disk.blocks * disk.bsize },
    boxes: held.size,
  }
}

async function engineState(sandbox: Sandbox): Promise<Heartbeat['engine']> {
  try {
    const { version, runtimes } = await sandbox.facts()
    return { state: 'up', version, runtimes }
  } catch (error) {
    return { state: 'away', message: (error instanceof Error ? error.message : String(error)).slice(0, 500) }
  }
}
