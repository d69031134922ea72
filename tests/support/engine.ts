import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { finished } from 'node:stream/promises'
import Docker from 'dockerode'

/** The host's user that is root in a remapped engine's containers. */
export const FIRST_REMAPPED = 300_000

/** A second Docker engine beside the machine's own, on a socket and a data folder of its own, to be stopped and started at will. */
export class TestEngine implements AsyncDisposable {
  readonly folder: string
  readonly #remapped: boolean
  #process: ChildProcess | undefined

  private constructor(folder: string, remapped: boolean) {
    this.folder = folder
    this.#remapped = remapped
  }

  /** Why there can't be one here, if so: what a test that is skipped prints. */
  static unavailable(): string | undefined {
    if (process.getuid?.() !== 0) return 'a second engine needs root'
    const found = spawnSync('sh', ['-c', 'command -v dockerd && command -v unshare']).status === 0
    return found ? undefined : 'a second engine needs dockerd and unshare on this machine'
  }

  /**
   * Starts it with these images, copied from the machine's engine. `remapped`: its containers' users are others on the
   * host (userns-remap), from FIRST_REMAPPED on.
   */
  static async open(images: string[], { remapped = false }: { remapped?: boolean } = {}): Promise<TestEngine> {
    const engine = new TestEngine(await mkdtemp(join(tmpdir(), 'assay-engine-')), remapped)
    if (remapped) await engine.#writeUsers()
    await engine.start()
    for (const image of images) await engine.load(image)
    return engine
  }

  /** Copies an image from the machine's engine. */
  async load(image: string): Promise<void> {
    const loading = await new Docker({ socketPath: this.#socket }).loadImage(await new Docker().getImage(image).get())
    await finished(loading.resume())
  }

  get dockerHost(): string {
    return `unix://${this.#socket}`
  }

  get #socket(): string {
    return join(this.folder, 'docker.sock')
  }

  /** Resolves when the engine answers. */
  async start(): Promise<void> {
    const at = (name: string) => join(this.folder, name)
    // In a network namespace of its own: an engine without a bridge removes the one that it finds, which is the machine's engine's.
    // In a mount namespace of its own: where / is not shared an engine mounts its data folder on itself, and leaves it so.
    this.#process = spawn(
      'unshare',
      [
        '--net',
        '--mount',
        ...(this.#remapped
          ? ['sh', '-c', `mount --bind ${at('etc')} /etc && exec dockerd --userns-remap=assay-remap "$@"`, 'sh']
          : ['dockerd']),
        '--host',
        `unix://${this.#socket}`,
        '--data-root',
        at('data'),
        '--exec-root',
        at('exec'),
        '--pidfile',
        at('dockerd.pid'),
        '--bridge',
        'none',
        '--iptables=false',
        '--shutdown-timeout',
        '1',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    )
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const lines: string[] = []
    createInterface({ input: this.#process.stderr! }).on('line', line => {
      lines.push(line)
      if (line.includes('API listen on')) resolve()
    })
    this.#process.once('exit', () => reject(new Error(`dockerd ended:\n${lines.slice(-10).join('\n')}`)))
    await promise
  }

  /** The few files of /etc that say which users an engine may give its containers: in place of the machine's, for this engine alone. */
  async #writeUsers(): Promise<void> {
    const etc = join(this.folder, 'etc')
    await mkdir(etc)
    // The containers' root isn't the machine's, and has to get through here.
    await chmod(this.folder, 0o711)
    const range = `assay-remap:${FIRST_REMAPPED}:65536\n`
    const files = {
      subuid: range,
      subgid: range,
      passwd: 'root:x:0:0::/:/bin/sh\nassay-remap:x:990:990::/:/bin/false\n',
      group: 'root:x:0:\nassay-remap:x:990:\n',
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(etc, name), text)
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
    await rm(this.folder, { recursive: true, force: true })
  }
}
