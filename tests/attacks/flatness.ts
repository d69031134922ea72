import { runInNewContext } from 'node:vm'
import { setFlagsFromString } from 'node:v8'
import type { Box, BoxSpec, Sandbox } from '../../worker/sandbox/sandbox.ts'

const MiB = 1024 ** 2

/** What this process had in memory, in MiB: `peak` while boxes sent, the others with nothing left to collect. */
export type Memory = { before: number; peak: number; after: number }

/** What a flood may add to this process's memory, while it lasts and for good: far below what is sent, far above what is kept. */
export const MAY_GROW = { peak: 96, after: 32 } as const

/**
 * A sandbox whose boxes are listened to: with every piece that comes out of one, this process's memory is looked at. A worker
 * that kept what comes would be seen to grow with it.
 */
export function watchingMemory(sandbox: Sandbox): {
  sandbox: Sandbox
  during<T>(work: () => Promise<T>): Promise<{ result: T; memory: Memory }>
} {
  let peak = 0
  const look = () => void (peak = Math.max(peak, process.memoryUsage.rss()))
  return {
    sandbox: {
      facts: () => sandbox.facts(),
      reap: () => sandbox.reap(),
      open: async (spec: BoxSpec, signal: AbortSignal) => listenedTo(await sandbox.open(spec, signal), look),
    },
    async during(work) {
      collect()
      const before = process.memoryUsage.rss()
      peak = before
      const result = await work()
      collect()
      const inMiB = (bytes: number) => Math.round(bytes / MiB)
      return { result, memory: { before: inMiB(before), peak: inMiB(peak), after: inMiB(process.memoryUsage.rss()) } }
    },
  }
}

/** Why a memory isn't flat, if it isn't. */
export function unevenness({ before, peak, after }: Memory): string | undefined {
  if (peak - before > MAY_GROW.peak)
    return `the grading process grew by ${peak - before} MiB while it ran, at most ${MAY_GROW.peak} expected`
  if (after - before > MAY_GROW.after) return `the grading process kept ${after - before} MiB of it, at most ${MAY_GROW.after} expected`
  return undefined
}

function listenedTo(box: Box, look: () => void): Box {
  return new Proxy(box, {
    get(target, name) {
      if (name === 'onStream') {
        return (handler: Parameters<Box['onStream']>[0]) =>
          target.onStream((stream, duplex) => {
            // The handler first: whoever listens first is who starts the flow.
            handler(stream, duplex)
            duplex.on('data', look)
          })
      }
      const value = Reflect.get(target, name, target) as unknown
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

/** Collects what nobody holds any more, so that it isn't counted. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
}
