/** Resolves after that many milliseconds, or at once when the signal is aborted. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const timer = setTimeout(done, ms)
  signal.addEventListener('abort', done, { once: true })
  if (signal.aborted) done()
  return promise

  function done(): void {
    clearTimeout(timer)
    signal.removeEventListener('abort', done)
    resolve()
  }
}
