import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { GraderError } from '../../core/errors.ts'
import { connectEngine, DEFAULT_ENGINE, engineFacts } from '../../worker/sandbox/docker/engine.ts'
import { fetchGVisor } from '../../worker/sandbox/docker/gvisor-binary.ts'
import { runInBox } from '../../worker/sandbox/docker/run-in-box.ts'
import { readDaemonConfig, runtimeIn } from './engine/daemon-config.ts'
import { runningDockerd } from './engine/leftovers.ts'
import { addRuntime, configFileOf, removeRuntime, type LocalEngine } from './engine/runtimes.ts'
import { findProgram } from './find-program.ts'
import { makeImages } from './images.ts'
import { holdLock } from './lock.ts'

/*
 * gVisor beside runc, on an engine that runs on this machine: the binary comes out of an image on our own base (Debian 13),
 * the runtime goes into daemon.json, and a box shows that it works. Nothing else of the host is changed.
 */
export const RUNTIME = 'runsc'
const BINARY = '/usr/local/bin/runsc'
/**
 * systrap needs no KVM; a box has a loopback of its own and no other network, as under runc; and gVisor heeds the box's list of
 * system calls, which it passes over unless told to.
 */
const RUNTIME_ARGS = ['--platform=systrap', '--network=none', '--oci-seccomp'] as const

/** What we wrote; without the last argument, too, which an earlier version left out. */
const ours = [RUNTIME_ARGS, RUNTIME_ARGS.slice(0, 2)].map(args => args.join(' '))
const entrySchema = z.strictObject({ path: z.string(), runtimeArgs: z.array(z.string()).refine(args => ours.includes(args.join(' '))) })

type Options = { dockerHost: string; log: (line: string) => void }
/** `changed`: what was done to the host, in words; empty when everything was there. */
export type GVisor = { available: true; changed: string[] } | { available: false; reason: string }

/** Sees to it that the engine has gVisor, where that is ours to do; otherwise says why not and what to do. Throws only what nobody foresaw. */
export async function provideGVisor(options: Options): Promise<GVisor> {
  try {
    return await provide(options)
  } catch (error) {
    // A read-only /usr or a full disk is no reason to end whoever can do without gVisor.
    if (!(error instanceof GraderError) && (error as NodeJS.ErrnoException).syscall === undefined) throw error
    return { available: false, reason: (error as Error).message }
  }
}

/** For who can't do without it: throws GraderError where gVisor is not to be had; returns what was done, in words. */
export async function requireGVisor(options: Options): Promise<string> {
  const gVisor = await provideGVisor(options)
  if (!gVisor.available) throw new GraderError('RUNTIME_MISSING', `ASSAY_RUNTIME is ${RUNTIME}: ${gVisor.reason}`)
  return gVisor.changed.length > 0 ? `added ${gVisor.changed.join(' and ')}` : 'the engine has it'
}

async function provide({ dockerHost, log }: Options): Promise<GVisor> {
  if ((await isNamed(dockerHost)) && !isOutdated(dockerHost)) {
    await tryBox({ dockerHost, log })
    return { available: true, changed: [] }
  }
  const engine = engineToChange(dockerHost)
  await using _lock = await holdLock('/run/lock/assay-engine')
  const changed: string[] = []
  // Another command may have done it while we waited for the lock.
  if (!(await isNamed(dockerHost))) {
    const path = usable(findProgram(RUNTIME)) ?? (await installBinary({ dockerHost, log }))
    if (path === BINARY) changed.push(`${BINARY}: gVisor's ${versionOf(path)}, from Debian 13's package`)
    log(`naming ${RUNTIME} to the engine in ${configFileOf(engine.pid)}`)
    await addRuntime(engine, RUNTIME, { path, runtimeArgs: [...RUNTIME_ARGS] })
    changed.push(`${configFileOf(engine.pid)}: the runtime "${RUNTIME}"`)
  } else if (isOutdated(dockerHost)) {
    await addRuntime(engine, RUNTIME, { path: oursIn(engine)!.path, runtimeArgs: [...RUNTIME_ARGS] })
    changed.push(`${configFileOf(engine.pid)}: what the runtime "${RUNTIME}" is started with`)
  }
  try {
    await tryBox({ dockerHost, log })
  } catch (error) {
    if (changed.length > 0) await removeRuntime(engine, RUNTIME)
    throw error
  }
  return { available: true, changed }
}

/**
 * Takes away what `provideGVisor` put there; returns what that was, in words. A runtime that the file names in another way
 * is somebody else's and stays. Throws GraderError where we may not.
 */
export async function removeGVisor(dockerHost: string): Promise<string[]> {
  const engine = engineToChange(dockerHost)
  await using _lock = await holdLock('/run/lock/assay-engine')
  const file = configFileOf(engine.pid)
  const entry = oursIn(engine)
  if (!entry) return []
  await removeRuntime(engine, RUNTIME)
  const removed = [`the runtime "${RUNTIME}" in ${file}`]
  if (entry.path === BINARY && existsSync(BINARY)) {
    rmSync(BINARY)
    removed.push(BINARY)
  }
  return removed
}

function oursIn(engine: LocalEngine): z.infer<typeof entrySchema> | undefined {
  return entrySchema.safeParse(runtimeIn(readDaemonConfig(configFileOf(engine.pid)), RUNTIME)).data
}

/** Whether an entry of ours, in an engine that we may change, is an earlier version's. */
function isOutdated(dockerHost: string): boolean {
  try {
    const entry = oursIn(engineToChange(dockerHost))
    return entry !== undefined && entry.runtimeArgs.length < RUNTIME_ARGS.length
  } catch {
    return false
  }
}

async function isNamed(dockerHost: string): Promise<boolean> {
  return (await engineFacts(connectEngine({ dockerHost }))).runtimes.includes(RUNTIME)
}

/** The engine whose configuration we may change: root's own, on this machine, at its usual place. */
function engineToChange(host: string): LocalEngine {
  const byHand = `; to have gVisor, install runsc there and name it to the engine (docs/operators/engine.md)`
  const refuse = (why: string) => new GraderError('GVISOR_REFUSED', `${why}${byHand}`)
  if (!['x64', 'arm64'].includes(process.arch)) throw refuse(`gVisor runs on amd64 and arm64, this is ${process.arch}`)
  if (host !== DEFAULT_ENGINE && host !== DEFAULT_ENGINE.replace('/var/run', '/run'))
    throw refuse(`the engine at ${host} is not this machine's own (${DEFAULT_ENGINE}), whose configuration we could change`)
  if (process.getuid?.() !== 0) throw refuse("only root can change the engine's configuration")
  const pid = runningDockerd()
  if (pid === undefined) throw refuse(`the engine at ${host} does not run on this machine (no dockerd has its pid in /var/run/docker.pid)`)
  return { host, pid }
}

async function installBinary({ dockerHost, log }: Options): Promise<string> {
  if (existsSync(BINARY))
    throw new GraderError(
      'GVISOR_REFUSED',
      `${BINARY} is there, but it does not know the platform systrap: remove it, or put a newer one there`,
    )
  await makeImages({ dockerHost, log, only: ['base'] })
  log("fetching gVisor from Debian 13's packages")
  mkdirSync(dirname(BINARY), { recursive: true })
  const scratch = `${BINARY}.assay-${process.pid}`
  try {
    await fetchGVisor({ dockerHost, to: scratch, log })
    if (!usable(scratch)) throw new GraderError('GVISOR_BINARY', "Debian 13's runsc does not run on this machine")
    renameSync(scratch, BINARY)
  } finally {
    rmSync(scratch, { force: true })
  }
  return BINARY
}

/** The program, if it runs here and knows the systrap platform (Debian 12's does not). */
function usable(program: string | undefined): string | undefined {
  if (program === undefined) return undefined
  const { status, stdout, stderr } = spawnSync(program, ['flags'], { encoding: 'utf8' })
  return status === 0 && /\bsystrap\b/.test(stdout + stderr) ? program : undefined
}

function versionOf(program: string): string {
  return execFileSync(program, ['--version'], { encoding: 'utf8' }).split('\n')[0]!.trim()
}

/** A runtime that an engine names may still not work: a kernel may forbid what it needs. A box of gVisor has a kernel of its own. */
async function tryBox({ dockerHost, log }: Options): Promise<void> {
  await makeImages({ dockerHost, log, only: ['base'] })
  const engine = connectEngine({ dockerHost })
  const { KernelVersion: hosts } = (await engine.ask('tell about itself', docker => docker.info(), 5000)) as { KernelVersion: string }
  const spec = { role: 'subject', image: 'base', runtime: RUNTIME, memoryBytes: 128 * 1024 ** 2, processors: 1, grading: 'gvisor' } as const
  const { exitCode, stdout, stderr } = await runInBox(engine, spec, ['uname', '-r'])
  const kernel = stdout.trim()
  if (exitCode === 0 && kernel !== '' && kernel !== hosts) return
  const why = kernel === hosts ? `its kernel is the host's, ${kernel}` : stderr.trim() || `exit code ${exitCode}`
  throw new GraderError('GVISOR_BOX', `the engine has a runtime "${RUNTIME}", but a box on it is not gVisor's: ${why}`)
}
