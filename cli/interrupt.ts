/** A terminal, npm and boot.mjs may each pass the same Ctrl-C on. */
const SAME_KEYPRESS_MS = 1_500

/**
 * An AbortSignal for Ctrl-C, SIGTERM and the end of boot.mjs. The first one asks for an orderly end, one that comes a while
 * later ends the process at once.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController()
  let firstAt: number | undefined
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      firstAt ??= performance.now()
      if (performance.now() - firstAt > SAME_KEYPRESS_MS) process.exit(130)
      controller.abort(new Interrupted(signal))
    })
  }
  process.on('disconnect', () => controller.abort(new Interrupted('SIGHUP')))
  // The channel to boot.mjs alone keeps nothing running.
  process.channel?.unref()
  return controller.signal
}

export class Interrupted extends Error {
  readonly signal: NodeJS.Signals

  constructor(signal: NodeJS.Signals) {
    super(`ended by ${signal}`)
    this.name = 'AbortError'
    this.signal = signal
  }
}
