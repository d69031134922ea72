import { WORKER_SILENT_MS, type Heartbeat } from './worker-api.ts'

type Heard = { seenAt: string; heartbeat: Heartbeat }

/** The workers that were heard lately. */
export function liveWorkers<Worker extends Heard>(workers: readonly Worker[], now: Date): Worker[] {
  const silentSince = new Date(now.getTime() - WORKER_SILENT_MS).toISOString()
  return workers.filter(worker => worker.seenAt >= silentSince)
}

/** Gradings that can run at a time now: the places of live workers that have an engine. */
export function liveSlots(workers: readonly Heard[], now: Date): number {
  return liveWorkers(workers, now)
    .filter(worker => worker.heartbeat.engine.state === 'up')
    .reduce((slots, worker) => slots + worker.heartbeat.slots, 0)
}
