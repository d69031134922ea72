/**
 * An AbortSignal for Ctrl-C and SIGTERM. The first one asks for an orderly end; a terminal, npm and boot.mjs may each pass
 * the same Ctrl-C on, so only one that comes a while later ends the process at once.
 */
const SAME_KEYPRESS_MS = 1_500

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
