import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Writable } from 'node:stream'
import type { FromAgent } from '../../core/agent-protocol.ts'
import type { FileMap } from '../../core/submission.ts'
import { cleanUp, modesOfFolders } from './clean-up.ts'
import { isExiting } from './exiting.ts'
import { acceptsConnections, type Loopback } from './readiness.ts'

type Options = {
  command: string[]
  env: Record<string, string>
  port: number
  adminSocket?: string | undefined
  out: Writable
  err: Writable
  say: (message: FromAgent) => void
}

const WORK = '/work'
/** How long what a program printed may take to arrive after its end. */
const LAST_WORDS_MS = 100

/** One run of the program, from start to end. */
type Run = { child: ChildProcess; /** By us. */ stopped: boolean; over: boolean; news: Promise<FromAgent> }

/** The one program of a box: the learner's server, or PostgreSQL. Every start finds the box as the first one did. */
export class Program {
  readonly #options: Options
  #run: Run | undefined
  #host: Loopback = '127.0.0.1'
  #modes: ReadonlyMap<string, number> | undefined

  constructor(options: Options) {
    this.#options = options
  }

  /** The address that it listens on. */
  get host(): Loopback {
    return this.#host
  }

  /** Answers `listening` once the port accepts, or `exited` if the program ends before. */
  async start(files: FileMap): Promise<void> {
    const { say } = this.#options
    if (this.#modes) {
      killAll()
      await cleanUp(this.#modes)
    } else this.#modes = await modesOfFolders()
    await layFiles(files)
    const started = performance.now()
    const run = this.#spawn()
    this.#run = run
    void this.#tellEnd(run)
    this.#host = await acceptsConnections(this.#options, () => run.over || run.stopped)
    if (!run.over && !run.stopped) say({ type: 'listening', afterMs: performance.now() - started })
  }

  /** Answers `exited` once more when the program ended by itself, else `running`. */
  async check(): Promise<void> {
    const run = this.#run
    if (run && !run.stopped && (hasEnded(run.child) || (await isExiting(run.child.pid ?? 0)))) this.#options.say(await run.news)
    else this.#options.say({ type: 'running', oomKills: await oomKills() })
  }

  signal(signal: NodeJS.Signals): void {
    this.#run?.child.kill(signal)
  }

  /** Kills every process of this user but this one and init, so that nothing the program left behind lives on. */
  async stop(): Promise<void> {
    const run = this.#run
    if (run) run.stopped = true
    if (run && !hasEnded(run.child)) {
      const gone = once(run.child, 'exit')
      killAll()
      await gone
    } else killAll()
    this.#options.say({ type: 'stopped', oomKills: await oomKills() })
  }

  #spawn(): Run {
    const { command, env, out, err } = this.#options
    const child = spawn(command[0]!, command.slice(1), { cwd: WORK, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    child.stdout.pipe(out, { end: false })
    child.stderr.pipe(err, { end: false })
    // A command that can't be run at all; 'close' follows.
    child.once('error', error => err.write(`${error.message}\n`))
    child.once('exit', () => {
      // A child of the program may hold its output open; the program itself has ended all the same.
      setTimeout(() => {
        child.stdout.destroy()
        child.stderr.destroy()
      }, LAST_WORDS_MS).unref()
    })
    // 'close', not 'exit': the program's last words come before the news of its end.
    const news = Promise.withResolvers<FromAgent>()
    const run: Run = { child, stopped: false, over: false, news: news.promise }
    child.once('close', (code, signal) => {
      run.over = true
      void oomKills().then(kills => news.resolve({ type: 'exited', code, signal, oomKills: kills }), news.reject)
    })
    return run
  }

  async #tellEnd(run: Run): Promise<void> {
    const news = await run.news
    if (!run.stopped) this.#options.say(news)
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
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
