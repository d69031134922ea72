import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { GraderError } from '../../../core/errors.ts'
import { findProgram } from '../find-program.ts'
import { identify } from '../process-identity.ts'
import { mountCgroups } from './cgroups.ts'
import { clearEngineLeftovers, runningDockerd } from './leftovers.ts'
import { askVersion } from './find.ts'
import { writeRecord } from './record.ts'

/*
 * Starts an installed engine where no service manager does. It is the host's: detached, with a log file of its own and
 * none of our pipes, it outlives us.
 */
export const LOG_FILE = '/var/log/assay-dockerd.log'
const START_MS = 60_000

/** What to leave out when the kernel doesn't give it; boxes have no network anyway, only image builds then use the host's. */
const WITHOUT_BRIDGE = ['--iptables=false', '--ip6tables=false', '--bridge=none']

/** Starts dockerd and waits until it answers at `host`; returns its version. */
export async function startDockerd(program: string, host: string, log: (line: string) => void): Promise<string> {
  const starting = runningDockerd()
  if (starting !== undefined) {
    log(`waiting for the dockerd that runs already (process ${starting})`)
    return waitUntilItAnswers(host, new Promise(() => {}))
  }
  await clearEngineLeftovers(log)
  mountCgroups(log)
  if (!findProgram('iptables')) {
    log('iptables is not installed: containers get no network, which boxes do not need')
    return launch(program, host, WITHOUT_BRIDGE)
  }
  try {
    return await launch(program, host, [])
  } catch (error) {
    if (!/iptables|nf_tables|bridge|network controller/i.test(String(error))) throw error
    log('the kernel gives no container network; starting without one, which boxes do not need')
    await clearEngineLeftovers(log)
    return launch(program, host, WITHOUT_BRIDGE)
  }
}

async function launch(program: string, host: string, args: readonly string[]): Promise<string> {
  const { file, output } = openLog()
  const child = spawn(program, ['-H', host, ...args], { cwd: '/', detached: true, stdio: ['ignore', output, output] })
  closeSync(output)
  const ended = once(child, 'exit').then(([code]) => {
    throw new GraderError('ENGINE_START', `dockerd ended with code ${code} while starting; ${file} ends with:\n${lastLines(file)}`)
  })
  const version = await waitUntilItAnswers(host, ended)
  writeRecord({ ...identify(child.pid!), log: file })
  child.unref()
  return version
}

async function waitUntilItAnswers(host: string, ended: Promise<never>): Promise<string> {
  const until = Date.now() + START_MS
  for (;;) {
    const version = await Promise.race([askVersion(host), ended])
    if (version !== undefined) return version
    if (Date.now() > until)
      throw new GraderError('ENGINE_START', `dockerd does not answer at ${host} after ${START_MS / 1000} s; see ${LOG_FILE}`)
    await Promise.race([sleep(100), ended])
  }
}

function openLog(): { file: string; output: number } {
  mkdirSync('/var/log', { recursive: true })
  return { file: LOG_FILE, output: openSync(LOG_FILE, 'w', 0o600) }
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n')
}
