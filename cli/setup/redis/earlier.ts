import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { GraderError } from '../../../core/errors.ts'
import { identify, isRunning } from '../process-identity.ts'

/*
 * What an earlier run left: <data>/redis/owner.json names the server and the command that started it.
 * A server whose command still runs is in use; any other is ended, and its socket removed.
 */
const identitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string().optional() })
const recordSchema = z.object({ server: identitySchema, owner: identitySchema })

/** How long a server gets to end by itself: it follows its killed parent by its own tie, within milliseconds. */
const PATIENCE_MS = 10_000

export function recordRedis(folder: string, serverPid: number): void {
  const record = { server: identify(serverPid), owner: identify(process.pid) }
  writeFileSync(join(folder, 'owner.json'), JSON.stringify(record), { mode: 0o600 })
}

export async function clearEarlierRedis({
  folder,
  socket,
  log,
}: {
  folder: string
  socket: string
  log: (line: string) => void
}): Promise<void> {
  const record = readRecord(join(folder, 'owner.json'))
  if (record && identityRuns(record.server)) {
    if (identityRuns(record.owner))
      throw new GraderError(
        'REDIS_IN_USE',
        `the Redis in ${folder} belongs to a running command (process ${record.owner.pid}); end that first, or give this one a data folder of its own with ASSAY_DATA`,
      )
    log(`ending the Redis of an earlier run (process ${record.server.pid})`)
    process.kill(record.server.pid, 'SIGTERM')
    await waitForEnd(record.server.pid, () => identityRuns(record.server))
  }
  if (existsSync(socket)) {
    log('removing the socket of an earlier run')
    rmSync(socket)
  }
}

function identityRuns({ pid, startedAt }: z.infer<typeof identitySchema>): boolean {
  return isRunning(startedAt === undefined ? { pid } : { pid, startedAt })
}

function readRecord(path: string): z.infer<typeof recordSchema> | undefined {
  try {
    return recordSchema.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

async function waitForEnd(pid: number, runs: () => boolean): Promise<void> {
  const until = Date.now() + PATIENCE_MS
  while (runs()) {
    if (Date.now() > until) process.kill(pid, 'SIGKILL')
    await sleep(20)
  }
}
