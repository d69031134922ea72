import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraderError, InvalidInput } from '../../core/errors.ts'

/** Server, store, queue, a first heartbeat of the worker: a second or two; the rest is patience with a busy machine. */
const READY_MS = 90_000
/** A run that was killed takes its services with it within this time. */
const EARLIER_RUN_MS = 30_000

/** Waits until this address answers 200. Throws with the server's own words when it doesn't. */
export async function waitUntilReady(url: string, signal: AbortSignal): Promise<void> {
  const until = AbortSignal.timeout(READY_MS)
  let lastWords = ''
  while (!until.aborted) {
    signal.throwIfAborted()
    try {
      const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) })
      const words = await response.text()
      if (response.ok) return
      lastWords = words
    } catch (error) {
      // Not listening yet, most likely; a port that fetch forbids says so at the end.
      lastWords = String(error instanceof Error ? (error.cause ?? error) : error)
    }
    await sleep(50)
  }
  throw new GraderError('NOT_READY', `${url} is not ready after ${READY_MS / 1000} s: ${lastWords.slice(0, 2000)}`)
}

/** Waits for a port that an earlier run may still be leaving; one that stays taken is somebody else's. */
export async function waitForPort({ host, port }: { host: string; port: number }, note: (line: string) => void): Promise<void> {
  const until = Date.now() + EARLIER_RUN_MS
  for (let told = false; await isPortTaken(host, port); told = true) {
    if (!told) note(`port ${port} is taken; waiting a while, in case an earlier run is just ending`)
    if (Date.now() > until)
      throw new InvalidInput([
        {
          file: 'environment',
          field: 'PORT',
          message: `something else listens on ${host}:${port} (another Assay?); end it, or set PORT to a free port`,
        },
      ])
    await sleep(200)
  }
}

function isPortTaken(host: string, port: number): Promise<boolean> {
  return new Promise(done => {
    const socket = connect({ host: reachable(host).replace(/^\[|\]$/g, ''), port })
    socket.on('connect', () => {
      socket.destroy()
      done(true)
    })
    socket.on('error', () => done(false))
  })
}

/** An address on which a server that listens on `host` is reached from this machine. */
export function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1'
  return host === '::' ? '[::1]' : host
}
