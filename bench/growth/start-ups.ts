import Database from 'better-sqlite3'
import { setTimeout as rest } from 'node:timers/promises'
import { peakMemoryOfProcess } from '../measure/process-memory.ts'
import { heartbeat, timed } from './ask.ts'
import { startServer, type ServerOptions } from './server-process.ts'

export type StartUp = { listeningMs: number; readyMs: number; seconds: number; peakBytes: number }

const ASKED_EVERY_MS = 5

/**
 * From the start of the process until it listens and until it is ready, which takes a worker's heartbeat and Redis, and what
 * processor time it has used by then and in the second after it, in which it sets the line right and dispatches.
 */
export async function startUp(options: ServerOptions): Promise<StartUp> {
  const began = performance.now()
  await using server = await startServer(options)
  await timed(server.url, heartbeat())
  while (!(await isReady(server.url))) {
    options.signal.throwIfAborted()
    await rest(ASKED_EVERY_MS)
  }
  const readyMs = performance.now() - began
  await rest(1000)
  return { listeningMs: server.listeningMs, readyMs, seconds: server.seconds(), peakBytes: peakMemoryOfProcess(server.pid) ?? Number.NaN }
}

async function isReady(url: string): Promise<boolean> {
  return await timed(url, { path: '/readyz' }).then(
    () => true,
    () => false,
  )
}

/** Has all but so many of a store's unfinished submissions be over while it is held. */
export function leaveUnfinished(path: string, count: number): Disposable {
  const database = new Database(path)
  const run = (statement: string, values: unknown[] = []) => void database.prepare(statement).run(values)
  run(
    'create table bench_put_aside as select id, state, grading_id from submissions where finished_at is null order by id limit -1 offset ?',
    [count],
  )
  run(`create table bench_put_aside_gradings as select id, state from gradings where id in (select grading_id from bench_put_aside)`)
  const over = '2026-01-01T00:00:00.000Z'
  run(`update gradings set state = 'finished', finished_at = ? where id in (select id from bench_put_aside_gradings)`, [over])
  run(`update submissions set state = 'finished', finished_at = ? where id in (select id from bench_put_aside)`, [over])
  database.close()
  return {
    [Symbol.dispose]() {
      const again = new Database(path)
      for (const [table, aside] of [
        ['gradings', 'bench_put_aside_gradings'],
        ['submissions', 'bench_put_aside'],
      ])
        for (const statement of [
          `update ${table} set finished_at = null, state = (select state from ${aside} where ${aside}.id = ${table}.id) where id in (select id from ${aside})`,
          `drop table ${aside}`,
        ])
          again.prepare(statement).run([])
      again.close()
    },
  }
}
