import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { isRunning, type ProcessIdentity } from '../process-identity.ts'

/*
 * The engine that we started is the host's: any clone's command finds it by its socket, and `assay engine stop` by this
 * record. /run is emptied when the machine starts anew, and the engine is gone then too.
 */
const RECORD = '/run/assay/engine.json'

const schema = z.object({ pid: z.number().int().positive(), startedAt: z.string().optional(), log: z.string() })
export type EngineRecord = ProcessIdentity & { log: string }

export function writeRecord(record: EngineRecord, path = RECORD): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, JSON.stringify(record))
}

/** The engine that an Assay command started and that still runs. */
export function readRecord(path = RECORD): EngineRecord | undefined {
  try {
    const { startedAt, ...rest } = schema.parse(JSON.parse(readFileSync(path, 'utf8')))
    const record = startedAt === undefined ? rest : { ...rest, startedAt }
    if (isRunning(record)) return record
    rmSync(path, { force: true })
  } catch {
    // None was started, or the record is not ours to read.
  }
  return undefined
}

export function removeRecord(path = RECORD): void {
  rmSync(path, { force: true })
}
