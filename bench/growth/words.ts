import { median } from '../measure/stats.ts'
import { table } from '../measure/table.ts'
import { digits, mebibytes, milliseconds } from '../measure/words.ts'
import type { Answered } from './ask-all.ts'
import type { Filled } from './generate.ts'
import type { Shape } from './history.ts'
import type { Meanwhile } from './meanwhile.ts'
import type { StartUp } from './start-ups.ts'

export type Figures = {
  machine: string
  shape: Shape
  filled: Filled & { bytes: number }
  starts?: { submissions: number; unfinished: number; starts: StartUp[] }[]
  endpoints?: Answered[]
  /** The server's, for each request. */
  processorMs?: number
  peakBytes?: number | undefined
  backup?: Meanwhile
  pruning?: Meanwhile
  pruned?: number
}

/** What p95 of lists and reads is held to. */
const GOAL_MS = 50

export function words({ machine, shape, filled, starts, endpoints, processorMs, peakBytes, backup, pruning, pruned }: Figures): string {
  const count = (value: number) => value.toLocaleString('en-US')
  const parts = [
    `${machine}\n${count(filled.submissions)} submissions, ${count(filled.gradings)} gradings, ${count(filled.events)} events, ${mebibytes(filled.bytes)}, made in ${digits(filled.seconds)} s; the newest ${digits(shape.whole * 100)} % have files, events and full reports, the older ones are pruned and their reports short; ${count(shape.unfinished)} wait`,
  ]
  if (endpoints) {
    const held = endpoints.filter(each => each.goal)
    const missed = held.filter(each => each.ms.p95 > GOAL_MS)
    parts.push(
      table(
        ['endpoint', 'N', 'p50', 'p95', 'max', `p95 ≤ ${GOAL_MS} ms`],
        endpoints.map(({ name, goal, ms }) => [
          name,
          String(ms.n),
          milliseconds(ms.p50),
          milliseconds(ms.p95),
          milliseconds(ms.max),
          goal ? (ms.p95 > GOAL_MS ? 'missed' : 'met') : '–',
        ]),
      ),
      `${held.length - missed.length} of ${held.length} lists and reads have a p95 of at most ${GOAL_MS} ms; the slowest ${milliseconds(Math.max(...held.map(each => each.ms.p95)))}. The server worked ${milliseconds(processorMs ?? Number.NaN)} for a request; its memory at its highest: ${mebibytes(peakBytes ?? Number.NaN)}`,
    )
  }
  if (starts)
    parts.push(
      table(
        ['start on', 'unfinished', 'listens after', 'ready after', 'processor time', 'memory'],
        starts.map(({ submissions, unfinished, starts: all }) => [
          `${count(submissions)} submissions`,
          count(unfinished),
          milliseconds(median(all.map(each => each.listeningMs))),
          milliseconds(median(all.map(each => each.readyMs))),
          `${digits(median(all.map(each => each.seconds)))} s`,
          mebibytes(median(all.map(each => each.peakBytes))),
        ]),
      ),
    )
  if (pruning) parts.push(meanwhile(`while ${count(pruned ?? 0)} submissions were pruned`, pruning))
  if (backup) parts.push(meanwhile('while a backup was made and checked', backup))
  return `${parts.join('\n\n')}\n`
}

function meanwhile(what: string, { tookMs, asks }: Meanwhile): string {
  return table(
    [`${what} (${digits(tookMs / 1000)} s)`, 'N', 'p50', 'p95', 'max'],
    Object.entries(asks).map(([name, ms]) => [name, String(ms.n), milliseconds(ms.p50), milliseconds(ms.p95), milliseconds(ms.max)]),
  )
}
