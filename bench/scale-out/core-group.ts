import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/*
 * A control group that holds a worker, its engine and that engine's boxes to one core, and counts their processor time
 * together. Worker and engine are started inside; boxes come in through the engine's `--cgroup-parent`, so the sandbox's own
 * profile needs no word about it.
 *
 *   cgroup v1   /sys/fs/cgroup/{cpuset,cpuacct}/<name>             worker, dockerd, containerd, shims
 *               …/<name>/<container>                              boxes, made by the engine in every hierarchy
 *   cgroup v2   /sys/fs/cgroup/<name>/processes, …/<name>/boxes    a group that has groups below may hold no processes
 */
const ROOT = '/sys/fs/cgroup'
const unified = existsSync(join(ROOT, 'cgroup.controllers'))

export type CoreGroup = AsyncDisposable & {
  core: number
  /** What `dockerd --cgroup-parent` takes. */
  parent: string
  /** A command that runs `command` inside. */
  within: (command: readonly string[]) => [string, string[]]
  /** Processes inside, boxes' included. */
  processes: () => number[]
  /** Seconds of processor time that all inside have used so far, boxes that are gone included. */
  seconds: () => number
}

/** Why there can't be one here, if so. */
export function coreGroupUnavailable(): string | undefined {
  if (process.getuid?.() !== 0) return 'control groups and second engines need root'
  if (unified)
    return readFileSync(join(ROOT, 'cgroup.controllers'), 'utf8').includes('cpuset') ? undefined : 'there is no cpuset controller'
  return existsSync(join(ROOT, 'cpuset/cpuset.cpus')) && existsSync(join(ROOT, 'cpuacct'))
    ? undefined
    : 'cgroups are not mounted; start the engine first'
}

export function openCoreGroup(name: string, core: number): CoreGroup {
  const folders = unified ? makeUnified(name, core) : makeSeparate(name, core)
  const entrances = folders.map(folder => join(folder, 'cgroup.procs'))
  const account = join(unified ? join(ROOT, name) : join(ROOT, 'cpuacct', name))
  const whole = unified ? [join(ROOT, name)] : folders
  const processes = () => [...new Set(whole.flatMap(processesBelow))]
  return {
    core,
    parent: unified ? `/${name}/boxes` : `/${name}`,
    within: command => [
      '/bin/sh',
      ['-c', `for entrance in ${entrances.join(' ')}; do echo $$ > $entrance; done; exec "$@"`, 'within', ...command],
    ],
    processes,
    seconds: () =>
      unified
        ? Number(/^usage_usec (\d+)$/m.exec(readFileSync(join(account, 'cpu.stat'), 'utf8'))?.[1]) / 1e6
        : Number(readFileSync(join(account, 'cpuacct.usage'), 'utf8')) / 1e9,
    async [Symbol.asyncDispose]() {
      for (const pid of processes()) kill(pid)
      for (const hierarchy of unified ? [ROOT] : readdirSync(ROOT).map(each => join(ROOT, each))) await removeBelow(join(hierarchy, name))
    },
  }
}

function makeSeparate(name: string, core: number): string[] {
  const [cpuset, cpuacct] = ['cpuset', 'cpuacct'].map(hierarchy => join(ROOT, hierarchy, name)) as [string, string]
  mkdirSync(cpuset)
  writeFileSync(join(cpuset, 'cpuset.cpus'), String(core))
  writeFileSync(join(cpuset, 'cpuset.mems'), readFileSync(join(ROOT, 'cpuset/cpuset.mems'), 'utf8'))
  // Joined with another controller it is a link to the same hierarchy.
  mkdirSync(cpuacct, { recursive: true })
  return [cpuset, cpuacct]
}

function makeUnified(name: string, core: number): string[] {
  const group = join(ROOT, name)
  writeFileSync(join(ROOT, 'cgroup.subtree_control'), '+cpuset +cpu +memory +pids')
  mkdirSync(join(group, 'processes'), { recursive: true })
  writeFileSync(join(group, 'cpuset.cpus'), String(core))
  writeFileSync(join(group, 'cgroup.subtree_control'), '+cpuset +cpu +memory +pids')
  return [join(group, 'processes')]
}

function processesBelow(folder: string): number[] {
  try {
    const own = readFileSync(join(folder, 'cgroup.procs'), 'utf8').split('\n').filter(Boolean).map(Number)
    const below = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory())
    return [...own, ...below.flatMap(entry => processesBelow(join(folder, entry.name)))]
  } catch {
    return [] // a box that was removed meanwhile
  }
}

/** What was killed leaves its group a moment later. */
async function removeBelow(folder: string): Promise<void> {
  if (!existsSync(folder)) return
  for (const entry of readdirSync(folder, { withFileTypes: true })) if (entry.isDirectory()) await removeBelow(join(folder, entry.name))
  for (let tries = 0; tries < 100; tries++) {
    try {
      return rmdirSync(folder)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EBUSY') return
      await sleep(50)
    }
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // ended by itself meanwhile
  }
}
