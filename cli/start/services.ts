import { join, resolve } from 'node:path'
import { GraderError } from '../../core/errors.ts'
import { readableLine } from './log-line.ts'
import { waitUntilReady } from './readiness.ts'
import { keepRunning } from './service.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SCRIPTS = { server: 'server/main.ts', worker: 'worker/main.ts' } as const
export type Role = keyof typeof SCRIPTS

export type StartedService = AsyncDisposable & {
  /** Waits until this address answers 200. Throws when the service ends before that. */
  readonly ready: (address: string, signal: AbortSignal) => Promise<void>
}

/**
 * Runs server or worker with these settings, and keeps it running. Its log lines go to stdout as they are (JSON), or on
 * a terminal in words to stderr.
 */
export function startService(role: Role, env: NodeJS.ProcessEnv, note: (line: string) => void): StartedService {
  const onLine = (line: string) => (process.stdout.isTTY ? note(readableLine(role, line)) : process.stdout.write(`${line}\n`))
  const service = keepRunning({ name: role, args: [join(ROOT, SCRIPTS[role])], env, onLine, note })
  return {
    [Symbol.asyncDispose]: service.stop,
    async ready(address, signal) {
      const gone = new AbortController()
      void service.firstEnd.then(code =>
        gone.abort(new GraderError('SERVICE_START', `the ${role} ended with code ${code} while starting; its words are above`)),
      )
      await waitUntilReady(address, AbortSignal.any([signal, gone.signal]))
    },
  }
}
