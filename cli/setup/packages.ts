import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { once } from 'node:events'
import { GraderError } from '../../core/errors.ts'
import { findProgram } from './find-program.ts'
import { holdLock } from './lock.ts'
import { denyServiceStarts } from './service-starts.ts'

/** The lines of apt that say how far it is; all of them would hide what else is said. */
const NEWS = /^(?:Fetched|Setting up|E:|W:)/

/** Packages are the distribution's own, installed by us only as root on Debian or its children. */
export function canInstallPackages(): boolean {
  return process.getuid?.() === 0 && isDebian() && findProgram('apt-get') !== undefined
}

/** "Debian GNU/Linux 12 (bookworm)", for messages. */
export function systemName(): string {
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(osRelease())?.[1] ?? process.platform
}

/**
 * Installs packages without starting any service that they bring; package lists are fetched only when the
 * installation fails with those that are there.
 */
export async function installPackages(names: readonly string[], log: (line: string) => void): Promise<void> {
  await using _lock = await holdLock('/run/lock/assay-packages')
  using _denied = denyServiceStarts()
  log(`installing ${names.join(', ')} from ${systemName()}'s packages`)
  const install = () => apt(['install', '-y', '--no-install-recommends', ...names], log)
  let outcome = hasPackageLists() ? await install() : undefined
  if (outcome?.code !== 0) {
    const update = await apt(['update'], log)
    if (update.code !== 0) throw failure('apt-get update', update.tail)
    outcome = await install()
  }
  if (outcome.code !== 0) throw failure(`apt-get install ${names.join(' ')}`, outcome.tail)
}

function failure(command: string, tail: readonly string[]): GraderError {
  return new GraderError('PACKAGES', `${command} failed; run it by hand to see more. Its last lines:\n${tail.join('\n')}`)
}

async function apt(args: readonly string[], log: (line: string) => void): Promise<{ code: number | null; tail: string[] }> {
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0', '-o', 'Dpkg::Options::=--force-confold']
  const child = spawn('env', ['DEBIAN_FRONTEND=noninteractive', 'NEEDRESTART_SUSPEND=1', 'apt-get', ...options, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'close')
  const tail: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', line => {
      if (!line.trim()) return
      tail.push(line)
      if (tail.length > 20) tail.shift()
      if (NEWS.test(line)) log(line)
    })
  }
  const [code] = (await ended) as [number | null]
  return { code, tail }
}

function hasPackageLists(): boolean {
  const folder = '/var/lib/apt/lists'
  return existsSync(folder) && readdirSync(folder).some(name => name.includes('_Packages'))
}

function isDebian(): boolean {
  return existsSync('/etc/debian_version') || /^ID(_LIKE)?=.*(debian|ubuntu)/m.test(osRelease())
}

function osRelease(): string {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}
