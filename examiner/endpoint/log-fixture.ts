import type { Log } from '../authoring/fixtures.ts'
import { withoutTerminalCodes } from '../clean-text.ts'
import type { Pod } from '../pod.ts'
import type { Waiting } from './waiting.ts'

/** More lines than these, or longer ones, are no log that a test reads; the oldest go first, and a line is cut. */
const LINES = 5_000
const CHARACTERS = 4_000

/** What the program prints from now on, by lines; `waitFor` ends with the signal. */
export function logFixture(pod: Pod, signal: AbortSignal, waiting: Waiting): { fixture: Log; close: () => void } {
  const lines: string[] = []
  const unfinished = { stdout: '', stderr: '' }
  const listeners = new Set<(line: string) => void>()
  const add = (line: string) => {
    const shown = withoutTerminalCodes(line.slice(0, CHARACTERS))
    lines.push(shown)
    if (lines.length > LINES) lines.shift()
    for (const tell of listeners) tell(shown)
  }
  const close = pod.onOutput((from, text) => {
    const parts = (unfinished[from] + text).split('\n')
    unfinished[from] = parts.pop()!.slice(0, CHARACTERS)
    for (const part of parts) add(part.replace(/\r$/, ''))
  })
  const fixture: Log = {
    lines: () => [...lines, ...Object.values(unfinished).filter(part => part !== '')],
    waitFor: async pattern => {
      if (!(pattern instanceof RegExp)) throw new TypeError(`log.waitFor: expected a regular expression, got ${typeof pattern}`)
      const matches = (line: string) => line.search(pattern) !== -1
      const there = lines.find(matches)
      if (there !== undefined) return there
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const tell = (line: string) => {
        if (matches(line)) resolve(line)
      }
      const stop = () => reject(new Error(`The program printed no line that matches ${String(pattern)}.`))
      listeners.add(tell)
      signal.addEventListener('abort', stop)
      try {
        signal.throwIfAborted()
        return await waiting.during(`a line of the log that matches ${String(pattern)}`, promise)
      } finally {
        listeners.delete(tell)
        signal.removeEventListener('abort', stop)
      }
    },
  }
  return { fixture, close }
}
