import type { Program } from '../authoring/program.ts'
import { now } from '../now.ts'
import type { Pod } from '../pod.ts'
import { TestFailure } from '../test-failure.ts'
import type { Waiting } from './waiting.ts'

const USUAL_MS = 5_000

/** `onState` hears whether the program is as other tests expect it: running, and not told to end. */
export function programFixture(pod: Pod, signal: AbortSignal, waiting: Waiting, onState: (runs: boolean) => void): Program {
  return {
    stop: async ({ withinMs = USUAL_MS } = {}) => {
      signal.throwIfAborted()
      onState(false)
      const exited = pod.exited()
      const began = now()
      await pod.control('subject.signal')
      const late = Promise.withResolvers<never>()
      const timer = setTimeout(() => late.reject(new TestFailure(`The program still ran ${withinMs / 1000} s after SIGTERM.`)), withinMs)
      try {
        const end = await waiting.during('the program to end', Promise.race([exited, late.promise]))
        return { ...end, afterMs: now() - began }
      } finally {
        clearTimeout(timer)
      }
    },
    start: async () => {
      signal.throwIfAborted()
      await waiting.during('the program to start', pod.control('subject.restart'))
      onState(true)
    },
  }
}
