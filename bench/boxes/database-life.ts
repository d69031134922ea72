import { setTimeout as wait } from 'node:timers/promises'
import { logIn } from '../../examiner/pod.ts'
import { boxSeconds, memoryNow } from '../measure/box-usage.ts'
import { openDatabase, sharedOutMemory } from './open-database.ts'
import type { Engine } from '../../worker/sandbox/docker/engine.ts'

/** Milliseconds and bytes of one database's box; `boot` is processor time of all in the box, agent included. */
export type DatabaseLife = {
  open: number
  accepting: number
  boot: number
  memory: number
  shared: number
  loginAdmin: number
  loginLearner: number
  copyFiles: number
  copyFilesProcessor: number
  copyByLog: number
  copyByLogProcessor: number
  reset: number
  resetProcessor: number
}

/** What a small exercise has. */
const ROWS = `CREATE TABLE bench_rows AS SELECT i AS id, md5(i::text) AS name FROM generate_series(1, 1000) AS i`

export async function databaseLife(
  engine: Engine,
  imageRef: string,
  architecture: string,
  options: readonly string[] = [],
): Promise<DatabaseLife> {
  await using database = await openDatabase(engine, imageRef, architecture, options)
  const { box, agent, openMs, startMs } = database
  const used = () => (boxSeconds(box.id) ?? Number.NaN) * 1000
  const boot = used()
  // What it still does right after its start.
  await wait(300)
  const memory = memoryNow(box.id) ?? Number.NaN
  const shared = sharedOutMemory(box.id) ?? Number.NaN
  const [admin, loginAdmin] = await timed(() => logIn(box.open('admin'), 'assay', 'postgres'))
  await admin.query('CREATE ROLE learner LOGIN; GRANT CONNECT ON DATABASE postgres TO learner')
  const [learner, loginLearner] = await timed(() => logIn(box.open('main'), 'learner', 'postgres'))
  await learner.end()
  await admin.query('CREATE DATABASE app_template TEMPLATE postgres STRATEGY file_copy')
  const inside = await logIn(box.open('admin'), 'assay', 'app_template')
  await inside.query(ROWS)
  await inside.end()
  const copy = async (name: string, strategy: string) => {
    const before = used()
    const [, wall] = await timed(() => admin.query(`CREATE DATABASE ${name} TEMPLATE app_template STRATEGY ${strategy}`))
    return [wall, used() - before] as const
  }
  const [copyFiles, copyFilesProcessor] = await copy('by_files', 'file_copy')
  const [copyByLog, copyByLogProcessor] = await copy('by_log', 'wal_log')
  await agent.reset()
  const before = used()
  const [, reset] = await timed(() => agent.reset())
  const resetProcessor = used() - before
  await admin.end()
  return {
    open: openMs,
    accepting: openMs + startMs,
    boot,
    memory,
    shared,
    loginAdmin,
    loginLearner,
    copyFiles,
    copyFilesProcessor,
    copyByLog,
    copyByLogProcessor,
    reset,
    resetProcessor,
  }
}

async function timed<T>(act: () => Promise<T>): Promise<[T, number]> {
  const began = performance.now()
  const result = await act()
  return [result, performance.now() - began]
}
