import { spawn, type ChildProcess } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import type { FromAgent } from '../../core/agent-protocol.ts'
import type { FileMap } from '../../core/submission.ts'
import { acceptsConnections } from './readiness.ts'

type Options = {
  files: FileMap
  command: string[]
  env: Record<string, string>
  port: number
  adminSocket?: string | undefined
  out: Writable
  err: Writable
  say: (message: FromAgent) => void
}

const WORK = '/work'
const WRITABLE = [WORK, '/tmp', '/dev/shm']

/** The one program of a box: the learner's server, or PostgreSQL. Every start finds the box as the first one did. */
export class Program {
  readonly #options: Options
  #process: ChildProcess | undefined
  #stopping = false

  constructor(options: Options) {
    this.#options = options
  }

  /** Answers `listening` once the port accepts, or `exited` if the program ends before. */
  async start(): Promise<void> {
    const { files, command, env, say } = this.#options
    await this.#emptyBox()
    await layFiles(files)
    const started = performance.now()
    this.#stopping = false
    const child = spawn(command[0]!, command.slice(1), { cwd: WORK, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    this.#process = child
    child.stdout.pipe(this.#options.out, { end: false })
    child.stderr.pipe(this.#options.err, { end: false })
    let over = false
    child.once('error', error => {
      over = true
      this.#options.err.write(`${error.message}\n`)
      say({ type: 'exited', code: 127, signal: null, oomKills: 0 })
    })
    // 'close', not 'exit': the program's last words come before the news of its end.
    child.once('close', (code, signal) => {
      if (over || this.#stopping) return
      over = true
      void oomKills().then(kills => say({ type: 'exited', code, signal, oomKills: kills }))
    })
    child.once('exit', () => {
      // A child of the program may hold its output open; the program itself has ended all the same.
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, 100).unref()
    })
    await acceptsConnections(this.#options, () => over || this.#stopping)
    if (!over && !this.#stopping) say({ type: 'listening', afterMs: performance.now() - started })
  }

  signal(signal: NodeJS.Signals): void {
    this.#process?.kill(signal)
  }

  /** Kills every process of this user but this one and init, so that nothing the program left behind lives on. */
  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#process
    if (child && child.exitCode === null && child.signalCode === null) {
      const gone = new Promise(resolve => child.once('exit', resolve))
      killAll()
      await gone
    } else killAll()
    this.#options.say({ type: 'stopped', oomKills: await oomKills() })
  }

  async #emptyBox(): Promise<void> {
    if (!this.#process) return
    killAll()
    for (const folder of WRITABLE) {
      for (const name of await readdir(folder).catch(() => [])) await rm(join(folder, name), { recursive: true, force: true })
    }
  }
}

function killAll(): void {
  try {
    process.kill(-1, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

async function layFiles(files: FileMap): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const target = join(WORK, path)
    await mkdir(dirname(target), { recursive: true })
    await writeFile(target, content)
  }
}

/** How many processes of this box the kernel has killed for memory: cgroup v2, v1, or 0 where neither can be read. */
async function oomKills(): Promise<number> {
  for (const file of ['/sys/fs/cgroup/memory.events', '/sys/fs/cgroup/memory/memory.oom_control']) {
    const text = await readFile(file, 'utf8').catch(() => '')
    const count = /^oom_kill (\d+)$/m.exec(text)?.[1]
    if (count) return Number(count)
  }
  return 0
}
