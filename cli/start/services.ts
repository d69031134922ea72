import { join, resolve } from 'node:path'
import { GraderError } from '../../core/errors.ts'
import { readableLine } from './log-line.ts'
import { waitUntilReady } from './readiness.ts'
import { keepRunning } from './service.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SCRIPTS = { server: 'server/main.ts', worker: 'worker/main.ts' } as const
export type Role = keyof typeof SCRIPTS

export type Services = AsyncDisposable & {
  /** Waits until the server answers, and with `grades` until a worker has told it that it can grade. */
  readonly ready: (url: string, wanted: { grades: boolean; signal: AbortSignal }) => Promise<void>
}

/**
 * Runs server and worker with these settings, and keeps them running. Their log lines go to stdout as they are (JSON),
 * or on a terminal in words to stderr.
 */
export function startServices(roles: readonly Role[], env: NodeJS.ProcessEnv, note: (line: string) => void): Services {
  const services = roles.map(role => {
    const onLine = (line: string) => (process.stdout.isTTY ? note(readableLine(role, line)) : process.stdout.write(`${line}\n`))
    return { role, ...keepRunning({ name: role, args: [join(ROOT, SCRIPTS[role])], env, onLine, note }) }
  })
  const gone = Promise.race(
    services.map(async ({ role, firstEnd }) => {
      const code = await firstEnd
      throw new GraderError('SERVICE_START', `the ${role} ended with code ${code} while starting; its words are above`)
    }),
  )
  // Once everything is ready an end is no failure any more: the service is started again.
  gone.catch(() => {})
  return {
    ready: (url, { grades, signal }) => Promise.race([waitUntilReady(grades ? `${url}/readyz` : `${url}/livez`, signal), gone]),
    async [Symbol.asyncDispose]() {
      for (const { stop } of services.toReversed()) await stop()
    },
  }
}
