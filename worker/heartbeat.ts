import { statfs } from 'node:fs/promises'
import type { Heartbeat } from '../core/worker-api.ts'
import type { Sandbox } from './sandbox/sandbox.ts'
import type { Held } from './take-grading.ts'

/** What this worker tells the server of itself; asks the engine, so it may take as long as an engine call. */
export async function heartbeatOf({
  sandbox,
  held,
  slots,
  folder,
}: {
  sandbox: Sandbox
  held: Held
  slots: number
  folder: string
}): Promise<Heartbeat> {
  const [engine, disk] = await Promise.all([engineState(sandbox), statfs(folder)])
  return {
    slots: engine.state === 'up' ? slots : 0,
    gradings: [...held].map(([id, { token }]) => ({ id, token })),
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
