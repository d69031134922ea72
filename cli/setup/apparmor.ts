import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { PROFILE_FILE } from '../../worker/sandbox/docker/apparmor.ts'
import { findProgram } from './find-program.ts'

const run = promisify(execFile)

type Host = {
  /** Whether this machine's kernel has AppArmor turned on. */
  enabled: boolean
  /** Whether the engine is on this machine. */
  local: boolean
  root: boolean
  parser: string | undefined
}

/** What to do about the boxes' AppArmor profile: load it, leave it, or what to tell the operator. */
export function howToLoad({ enabled, local, root, parser }: Host): 'load' | 'leave' | { because: string } {
  if (!enabled || !local) return 'leave'
  if (!parser) return { because: 'apparmor_parser is not installed (package apparmor)' }
  if (!root) return { because: 'only root can load it' }
  return 'load'
}

/** Loads the boxes' AppArmor profile where this machine has AppArmor. Boxes work without it, under the engine's own profile. */
export async function loadBoxProfile({ dockerHost, log }: { dockerHost: string; log: (line: string) => void }): Promise<void> {
  const parser = findProgram('apparmor_parser')
  const how = howToLoad({ enabled: isEnabled(), local: dockerHost.startsWith('unix://'), root: process.getuid?.() === 0, parser })
  if (how === 'leave') return
  const byHand = `run "apparmor_parser -r -W ${PROFILE_FILE}" as root`
  if (how !== 'load') return log(`boxes stay under the engine's AppArmor profile: ${how.because}; ${byHand}`)
  try {
    await run(parser!, ['--replace', '--write-cache', PROFILE_FILE])
    log('loaded the AppArmor profile assay-box')
  } catch (error) {
    const words = (error as { stderr?: string }).stderr?.trim() || (error as Error).message
    log(`boxes stay under the engine's AppArmor profile: ${words}; ${byHand}`)
  }
}

function isEnabled(): boolean {
  try {
    return readFileSync('/sys/module/apparmor/parameters/enabled', 'utf8').startsWith('Y')
  } catch {
    return false
  }
}
