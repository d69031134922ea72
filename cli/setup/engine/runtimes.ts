import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { GraderError } from '../../../core/errors.ts'
import { connectEngine, runtimesOf, type Runtimes } from '../../../worker/sandbox/docker/engine.ts'
import {
  DAEMON_CONFIG,
  readDaemonConfig,
  runtimeIn,
  withoutRuntime,
  withRuntime,
  writeDaemonConfig,
  type RuntimeEntry,
} from './daemon-config.ts'

/*
 * Runtimes of an engine that runs on this machine: named in its daemon.json, which it reads again at SIGHUP. Boxes that
 * run are not touched by that. It says nothing when a reload failed, so what counts is what it then names itself.
 */
const RELOAD_TAKES_AT_MOST = 20_000

/** An engine on this machine: where it answers, and its process. */
export type LocalEngine = { host: string; pid: number }

/** Adds a runtime and waits until the engine names it; where it doesn't, the file is put back and this throws. */
export async function addRuntime(engine: LocalEngine, name: string, entry: RuntimeEntry, withinMs = RELOAD_TAKES_AT_MOST): Promise<void> {
  const file = configFileOf(engine.pid)
  const before = readDaemonConfig(file)
  writeDaemonConfig(file, withRuntime(before, name, entry))
  if (await reload(engine, runtimes => isDeepStrictEqual(runtimes[name], entry), withinMs)) return
  writeDaemonConfig(file, before)
  process.kill(engine.pid, 'SIGHUP')
  throw new GraderError(
    'ENGINE_RELOAD',
    `the engine did not take up the runtime ${name} from ${file} within ${withinMs / 1000} s; the file is as it was. The engine's log says why`,
  )
}

/** Takes a runtime away again; false when daemon.json doesn't name it. */
export async function removeRuntime(engine: LocalEngine, name: string): Promise<boolean> {
  const file = configFileOf(engine.pid)
  const before = readDaemonConfig(file)
  if (runtimeIn(before, name) === undefined) return false
  const { reloaded, kept } = withoutRuntime(before, name)
  writeDaemonConfig(file, reloaded)
  await reload(engine, runtimes => !(name in runtimes), RELOAD_TAKES_AT_MOST)
  writeDaemonConfig(file, kept === '{}\n' ? undefined : kept)
  return true
}

/** Where an engine's configuration stands, by how it was started. */
export function configFileOf(pid: number): string {
  const args = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  const at = args.findIndex(arg => /^--?config-file(?:=|$)/.test(arg))
  if (at === -1) return DAEMON_CONFIG
  return args[at]!.includes('=') ? args[at]!.slice(args[at]!.indexOf('=') + 1) : (args[at + 1] ?? DAEMON_CONFIG)
}

async function reload({ host, pid }: LocalEngine, done: (runtimes: Runtimes) => boolean, withinMs: number): Promise<boolean> {
  const engine = connectEngine({ dockerHost: host })
  process.kill(pid, 'SIGHUP')
  const until = Date.now() + withinMs
  while (!done(await runtimesOf(engine))) {
    if (Date.now() > until) return false
    await sleep(50)
  }
  return true
}
