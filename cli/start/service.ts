import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { spawnTied, type TiedChild } from '../setup/tied-child.ts'

/*
 * A process that `assay start` keeps running: one that dies is started again, at first soon, then ever later, and it is
 * said. It ends with us, however we end.
 */
export type Service = AsyncDisposable & {
  /** Resolves with the exit code of the first run that ended unasked: before the service was ready that is a failure. */
  readonly firstEnd: Promise<number>
  readonly stop: () => Promise<void>
}

export type ServiceOptions = {
  name: string
  args: readonly string[]
  env: NodeJS.ProcessEnv
  /** Each line that it prints. */
  onLine: (line: string) => void
  /** News about the process itself. */
  note: (line: string) => void
}

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000
/** A run this long was a good one: the next wait is short again. */
const GOOD_RUN_MS = 60_000

/** Starts `node <args>` and keeps it running until stopped. */
export function keepRunning({ name, args, env, onLine, note }: ServiceOptions): Service {
  const stopping = new AbortController()
  const firstEnd = Promise.withResolvers<number>()
  let child: TiedChild | undefined

  const kept = keep()
  const stop = async () => {
    stopping.abort()
    await child?.stop()
    await kept
  }
  return { firstEnd: firstEnd.promise, stop, [Symbol.asyncDispose]: stop }

  async function keep(): Promise<void> {
    let wait = FIRST_WAIT_MS
    while (!stopping.signal.aborted) {
      const startedAt = performance.now()
      child = spawnTied(process.execPath, args, { env, output: 'pipe' })
      for (const stream of [child.process.stdout!, child.process.stderr!]) createInterface({ input: stream }).on('line', onLine)
      const code = await child.ended
      if (stopping.signal.aborted) return
      firstEnd.resolve(code)
      if (performance.now() - startedAt > GOOD_RUN_MS) wait = FIRST_WAIT_MS
      note(`${name} ended with code ${code}; starting it again in ${wait / 1000} s`)
      await sleep(wait, undefined, { signal: stopping.signal }).catch(() => {})
      wait = Math.min(wait * 2, LONGEST_WAIT_MS)
    }
  }
}
