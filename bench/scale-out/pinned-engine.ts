import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createReadStream, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import Docker from 'dockerode'
import { BOX_LABEL, OWNER_LABEL } from '../../worker/sandbox/docker/owner.ts'
import type { CoreGroup } from './core-group.ts'

/**
 * An engine beside the machine's own, as another host would have it: its own data, sockets and containerd, held to one
 * core. In a network namespace of its own, because an engine without a bridge removes the one that it finds; in a mount
 * namespace of its own, so that no mount of its data stays, and a containerd of the system's is hidden from it.
 */
export class PinnedEngine implements AsyncDisposable {
  readonly group: CoreGroup
  readonly #folder: string
  #process: ChildProcess | undefined

  private constructor(group: CoreGroup, folder: string) {
    this.group = group
    this.#folder = folder
  }

  static async open(group: CoreGroup): Promise<PinnedEngine> {
    const engine = new PinnedEngine(group, await mkdtemp(join(tmpdir(), 'assay-scale-')))
    await engine.start()
    return engine
  }

  get dockerHost(): string {
    return `unix://${this.#socket}`
  }

  get docker(): Docker {
    return new Docker({ socketPath: this.#socket })
  }

  get #socket(): string {
    return join(this.#folder, 'docker.sock')
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    const at = (name: string) => join(this.#folder, name)
    // A killed engine leaves them, and the next takes them for a running one.
    for (const left of ['dockerd.pid', 'exec/containerd/containerd.pid', 'exec/containerd/containerd.sock'])
      await rm(at(left), { force: true })
    const options = {
      host: this.dockerHost,
      'data-root': at('data'),
      'exec-root': at('exec'),
      pidfile: at('dockerd.pid'),
      bridge: 'none',
      iptables: 'false',
      'shutdown-timeout': '1',
      'cgroup-parent': this.group.parent,
    }
    const hidden = 'if [ -S /run/containerd/containerd.sock ]; then mount -t tmpfs tmpfs /run/containerd; fi; exec dockerd "$@"'
    const flags = Object.entries(options).map(([name, value]) => `--${name}=${value}`)
    const [program, args] = this.group.within(['unshare', '--net', '--mount', 'sh', '-c', hidden, 'dockerd', ...flags])
    this.#process = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const answers = Promise.withResolvers<void>()
    const last: string[] = []
    createInterface({ input: this.#process.stderr! }).on('line', line => {
      if (last.push(line) > 10) last.shift()
      if (line.includes('API listen on')) answers.resolve()
    })
    this.#process.once('exit', () => answers.reject(new Error(`dockerd ended:\n${last.join('\n')}`)))
    await answers.promise
  }

  /** Puts images of another engine into this one. */
  async load(archive: string): Promise<void> {
    const loading = await this.docker.loadImage(createReadStream(archive))
    await finished(loading.resume())
  }

  /** The boxes that worker processes with these pids have made, running or not. */
  async boxesOf(workers: ReadonlySet<number>): Promise<{ id: string; running: boolean }[]> {
    const found = await this.docker.listContainers({ all: true, filters: { label: [BOX_LABEL] } })
    return found
      .filter(({ Labels }) => workers.has((JSON.parse(Labels[OWNER_LABEL] ?? '{}') as { pid?: number }).pid ?? 0))
      .map(({ Id, State }) => ({ id: Id, running: State === 'running' }))
  }

  /** As a power cut leaves it, boxes apart: dockerd and its containerd killed, pid files and sockets where they were. */
  async kill(): Promise<void> {
    const ended = once(this.#process!, 'exit')
    const killed = this.group.processes().filter(pid => ['dockerd', 'containerd'].includes(programOf(pid)))
    for (const pid of killed) process.kill(pid, 'SIGKILL')
    await ended
    while (killed.some(pid => programOf(pid) !== '')) await sleep(20)
  }

  /** Ends the engine and every container in it. */
  async stop(): Promise<void> {
    const running = this.#process
    if (!running || running.exitCode !== null || running.signalCode !== null) return
    running.kill('SIGTERM')
    await once(running, 'exit')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    await this.group[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

/** Empty when it is gone, or dead and not yet waited for. */
function programOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const [name, rest] = [stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')')), stat.slice(stat.lastIndexOf(')') + 2)]
    return rest.startsWith('Z') ? '' : name
  } catch {
    return ''
  }
}
