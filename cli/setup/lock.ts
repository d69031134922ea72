import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { findProgram } from './find-program.ts'

/**
 * Holds a lock on a file until disposed, or until this process ends in whatever way: the kernel's own lock, held by
 * `flock` for as long as it can read from us. Where `flock` is not installed (it is part of every Debian) there is no lock.
 */
export async function holdLock(path: string): Promise<AsyncDisposable> {
  const flock = findProgram('flock')
  if (!flock) return { [Symbol.asyncDispose]: () => Promise.resolve() }
  mkdirSync(dirname(path), { recursive: true })
  const child = spawn(flock, [path, 'sh', '-c', 'echo held; cat >/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  const ended = once(child, 'exit')
  const held = await Promise.race([once(child.stdout, 'data').then(() => true), ended.then(() => false)])
  if (!held) throw new Error(`could not lock ${path}`)
  return {
    async [Symbol.asyncDispose]() {
      child.stdin.end()
      await ended
    },
  }
}
