import { setTimeout as sleep } from 'node:timers/promises'
import { GraderError } from '../../../core/errors.ts'
import { isRunning } from '../process-identity.ts'
import { readRecord, removeRecord } from './record.ts'

/** dockerd ends its containers first; it gives each 10 s and then kills it. */
const END_MS = 60_000

/** Ends the engine that an Assay command started; false when there is none. */
export async function stopEngine(): Promise<boolean> {
  const record = readRecord()
  if (!record) return false
  process.kill(record.pid, 'SIGTERM')
  const until = Date.now() + END_MS
  while (isRunning(record)) {
    if (Date.now() > until)
      throw new GraderError('ENGINE_STOP', `dockerd (process ${record.pid}) did not end in ${END_MS / 1000} s; see ${record.log}`)
    await sleep(50)
  }
  removeRecord()
  return true
}
