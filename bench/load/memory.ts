import { readFileSync } from 'node:fs'

/** Memory of a process over time: what it holds, and of Node's what its old generation has in use. */
export type MemoryLine = { atMs: number; bytes: number; oldBytes?: number }[]

/** Bytes that a process holds in memory now; undefined when it is gone. */
export function residentBytes(pid: number): number | undefined {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`))?.[1]
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1024
}

/** What a process with tell-heap.ts in it told last; undefined before it has. */
export function oldGenerationBytes(file: string): number | undefined {
  return Number(read(file)) || undefined
}

/** The process that this shell has started first: it ties what it starts to us, and stands between. */
export function startedBy(shell: number): number {
  const first = read(`/proc/${shell}/task/${shell}/children`).split(' ')[0]
  if (!first) throw new Error(`process ${shell} has started nothing`)
  return Number(first)
}

export type Growth = {
  startBytes: number
  endBytes: number
  mostBytes: number
  slopeBytesPerMinute: number
  firstKeptBytes: number
  lastKeptBytes: number
  grownBy: number
}

/**
 * Start, end and most of what the process holds, and the slope of the straight line through all but the warm-up, in which caches
 * fill and code is compiled. `grownBy`: what is kept in the last third of the rest more than in its first, as a part of it. Kept is
 * the least of a third: the old generation just after garbage was collected. What a process holds says nothing of that, since
 * V8 lets it climb for as long as there is room.
 */
export function growthOf(line: MemoryLine): Growth {
  const settled = line.slice(Math.floor(line.length / 4))
  const third = Math.ceil(settled.length / 3)
  const least = (part: MemoryLine) => Math.min(...part.map(each => each.oldBytes ?? each.bytes))
  const [firstKeptBytes, lastKeptBytes] = [least(settled.slice(0, third)), least(settled.slice(-third))]
  return {
    startBytes: line[0]?.bytes ?? Number.NaN,
    endBytes: line.at(-1)?.bytes ?? Number.NaN,
    mostBytes: Math.max(...line.map(each => each.bytes)),
    slopeBytesPerMinute: slope(settled) * 60_000,
    firstKeptBytes,
    lastKeptBytes,
    grownBy: lastKeptBytes / firstKeptBytes - 1,
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
