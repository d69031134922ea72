/** Work that is done when woken and every so often, never twice at a time. */
export type Repeating = {
  /** Do it soon; when it is being done, once more afterwards. */
  wake: () => void
  /** Resolves when nothing is being done and nothing is due but by the timer. */
  idle: () => Promise<void>
  /** Ends the timer and waits for what is being done. */
  close: () => Promise<void>
}

/** A turn that throws is told to `onError`, and the next turn comes all the same. */
export function repeat(work: () => Promise<void>, { everyMs, onError }: { everyMs: number; onError: (error: unknown) => void }): Repeating {
  let state: 'idle' | 'working' | 'due again' | 'closed' = 'idle'
  let ended = Promise.resolve()

  function wake(): void {
    if (state === 'working') state = 'due again'
    if (state !== 'idle') return
    state = 'working'
    ended = turn()
  }

  async function turn(): Promise<void> {
    try {
      await work()
    } catch (error) {
      onError(error)
    }
    if (state === 'due again') {
      state = 'working'
      return turn()
    }
    if (state === 'working') state = 'idle'
  }

  const timer = setInterval(wake, everyMs)
  return {
    wake,
    idle: () => ended,
    close: () => {
      state = 'closed'
      clearInterval(timer)
      return ended
    },
  }
}
