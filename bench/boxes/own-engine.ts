import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { connectEngine, type Engine } from '../../worker/sandbox/docker/engine.ts'

/*
 * A Docker engine of the bench's own beside the machine's: its own data, sockets, network and view of the mounts, and all of it
 * (engine, containerd, shims, runtimes and boxes) in one control group, so that its processor time is known to the nanosecond,
 * whatever else the machine does meanwhile. What kernel threads do for it later (taking namespaces down) is not in it.
 */
export type EngineOptions = {
  /** What daemon.json says besides what every such engine needs. */
  config?: Record<string, unknown>
  /** A command for the shell that becomes the engine, in its view of the mounts; $DATA is where its data go. */
  prepare?: string
}

const STARTS_WITHIN = 60_000

export class OwnEngine implements AsyncDisposable {
  readonly engine: Engine
  readonly dockerHost: string
  readonly #folder: string
  readonly #group: Group
  readonly #process: ChildProcess

  private constructor(folder: string, group: Group, process: ChildProcess) {
    this.#folder = folder
    this.#group = group
    this.#process = process
    this.dockerHost = `unix://${join(folder, 'docker.sock')}`
    this.engine = connectEngine({ dockerHost: this.dockerHost })
  }

  static async start({ config = {}, prepare = ':' }: EngineOptions = {}): Promise<OwnEngine> {
    const folder = mkdtempSync(join(tmpdir(), 'assay-boxes-'))
    const at = (name: string) => join(folder, name)
    const group = new Group(basename(folder))
    mkdirSync(at('data'))
    writeFileSync(at('daemon.json'), JSON.stringify({ 'shutdown-timeout': 1, ...config }))
    const dockerd = [
      'dockerd',
      `--host=unix://${at('docker.sock')}`,
      `--data-root=${at('data')}`,
      `--exec-root=${at('exec')}`,
      `--pidfile=${at('dockerd.pid')}`,
      `--config-file=${at('daemon.json')}`,
      `--cgroup-parent=${group.parent}`,
    ]
    // crun refuses a host that has cgroup v2 mounted beside v1 with a controller on it; without that mount it is content.
    const begin = `echo $$ > ${group.joinFile} && { umount /sys/fs/cgroup/unified 2>/dev/null; ip link set lo up; ${prepare}; exec "$@"; }`
    const child = spawn('unshare', ['--net', '--mount', 'sh', '-c', begin, 'sh', ...dockerd], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: process.env['PATH'], DATA: at('data') },
    })
    const own = new OwnEngine(folder, group, child)
    const lines: string[] = []
    createInterface({ input: child.stderr }).on('line', line => {
      lines.push(line)
      if (lines.length > 20) lines.shift()
    })
    try {
      await own.#answers()
      return own
    } catch (error) {
      await own[Symbol.asyncDispose]()
      throw new Error(`no engine of the bench's own: ${(error as Error).message}\n${lines.join('\n')}`, { cause: error })
    }
  }

  async #answers(): Promise<void> {
    const until = Date.now() + STARTS_WITHIN
    for (;;) {
      try {
        return void (await this.engine.ask('answer', docker => docker.ping(), 2000))
      } catch (error) {
        if (Date.now() > until || this.#process.exitCode !== null) throw error
        await wait(100)
      }
    }
  }

  /** Copies images from the machine's own engine. */
  async copyImages(refs: readonly string[], from: Engine = connectEngine()): Promise<void> {
    for (const ref of refs) {
      const loading = await this.engine.docker.loadImage(await from.docker.getImage(ref).get())
      await finished(loading.resume())
    }
  }

  /** Processor time in milliseconds of this engine and all that it ever ran. */
  usedMs(): number {
    return this.#group.usedMs()
  }

  /** Waits until the engine does no more for what was asked of it, at most a second: the end of a box goes on behind its answer. */
  async settle(): Promise<void> {
    let before = this.usedMs()
    let still = 0
    for (let looks = 0; looks < 100 && still < 3; looks++) {
      await wait(10)
      const now = this.usedMs()
      still = now - before < 0.3 ? still + 1 : 0
      before = now
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode === null && this.#process.signalCode === null) {
      const exited = once(this.#process, 'exit')
      this.#process.kill('SIGTERM')
      await exited
    }
    await this.#group.remove()
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

const ROOT = '/sys/fs/cgroup'

/** A control group of version 1's accounting or of version 2, for an engine and its boxes. */
class Group {
  readonly joinFile: string
  /** Where the engine is to put its boxes. */
  readonly parent: string
  readonly #folder: string
  readonly #unified = existsSync(`${ROOT}/cgroup.controllers`)

  constructor(name: string) {
    this.#folder = this.#unified ? `${ROOT}/${name}` : `${ROOT}/cpuacct/${name}`
    // Version 2 wants processes in the leaves alone.
    const own = this.#unified ? `${this.#folder}/engine` : this.#folder
    this.parent = this.#unified ? `/${name}/boxes` : `/${name}`
    mkdirSync(own, { recursive: true })
    this.joinFile = `${own}/cgroup.procs`
  }

  usedMs(): number {
    if (!this.#unified) return Number(readFileSync(`${this.#folder}/cpuacct.usage`, 'utf8')) / 1e6
    return Number(/^usage_usec (\d+)$/m.exec(readFileSync(`${this.#folder}/cpu.stat`, 'utf8'))![1]) / 1e3
  }

  /** The engine makes the same group in the other hierarchies. */
  async remove(): Promise<void> {
    const name = basename(this.#folder)
    const hierarchies = this.#unified
      ? ['']
      : [
          'cpuacct',
          'cpu',
          'cpuset',
          'memory',
          'devices',
          'freezer',
          'blkio',
          'pids',
          'systemd',
          'hugetlb',
          'net_cls',
          'net_prio',
          'perf_event',
        ]
    for (let tries = 0; tries < 50; tries++) {
      const left = hierarchies
        .flatMap(each => [join(ROOT, each, name, 'boxes'), join(ROOT, each, name, 'engine'), join(ROOT, each, name)])
        .filter(each => existsSync(each))
      if (left.length === 0) return
      for (const folder of left) {
        try {
          rmdirSync(folder)
        } catch {
          continue // a process in it is still ending
        }
      }
      await wait(100)
    }
  }
}
