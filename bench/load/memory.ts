import { readFileSync } from 'node:fs'
import { quantile } from '../measure/stats.ts'

/** Memory of processes over time. */
export type MemoryLine = { atMs: number; bytes: number }[]

/** Bytes that a process holds in memory now; undefined when it is gone. */
export function residentBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** The process that this shell has started first: it ties what it starts to us, and stands between. */
export function startedBy(shell: number): number {
  const first = read(`/proc/${shell}/task/${shell}/children`).split(' ')[0]
  if (!first) throw new Error(`process ${shell} has started nothing`)
  return Number(first)
}

export type Growth = { startBytes: number; endBytes: number; mostBytes: number; slopeBytesPerMinute: number; grownBy: number }

/**
 * Start and end, and the slope of the straight line through all but the first third, in which caches fill and code is
 * compiled. `grownBy`: what the last third holds more than the one in the middle, as a part of it. Compared is the tenth of each
 * with the least: what stays when garbage was collected, since how much of that lies about says nothing of a leak.
 */
export function growthOf(line: MemoryLine): Growth {
  const third = (n: number) =>
    line.slice(Math.floor((n * line.length) / 3), Math.floor(((n + 1) * line.length) / 3)).map(each => each.bytes)
  const settled = line.slice(Math.floor(line.length / 3))
  return {
    startBytes: line[0]?.bytes ?? Number.NaN,
    endBytes: line.at(-1)?.bytes ?? Number.NaN,
    mostBytes: Math.max(...line.map(each => each.bytes)),
    slopeBytesPerMinute: slope(settled) * 60_000,
    grownBy: quantile(third(2), 0.1) / quantile(third(1), 0.1) - 1,
  }
}

function slope(line: MemoryLine): number {
  const middle = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const [at, bytes] = [middle(line.map(each => each.atMs)), middle(line.map(each => each.bytes))]
  const along = line.reduce((sum, each) => sum + (each.atMs - at) * (each.bytes - bytes), 0)
  const across = line.reduce((sum, each) => sum + (each.atMs - at) ** 2, 0)
  return across === 0 ? 0 : along / across
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
