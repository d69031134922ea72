import { once } from 'node:events'
import type { Writable } from 'node:stream'
import type { FromAgent, ToAgent } from '../../core/agent-protocol.ts'
import type { FileMap } from '../../core/submission.ts'
import { cleanUp, modesOfFolders } from './clean-up.ts'
import { isExiting } from './exiting.ts'
import { layFiles } from './lay-files.ts'
import { acceptsConnections, type Loopback } from './readiness.ts'
import { hasEnded, oomKills, run, type Run } from './run.ts'
import { startWaiting, type Waiting } from './waiting.ts'

type Options = Omit<Extract<ToAgent, { type: 'configure' }>, 'type' | 'peers'> & {
  out: Writable
  err: Writable
  say: (message: FromAgent) => void
}

const WORK = '/work'

/** The one program of a box: the learner's server, or PostgreSQL. Every start finds the box as the first one did. */
export class Program {
  readonly #options: Options
  #waiting: Waiting | undefined
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

  /**
   * Answers `warm` once a program waits for the first start, which it then serves. Later there is none: it would wait beside
   * what a learner's program may have left running.
   */
  async warm(): Promise<void> {
    const { waiting, say } = this.#options
    if (!waiting) throw new Error('this program is started cold')
    if (this.#modes) throw new Error('a program waits only for the first start')
    this.#modes = modesOfFolders()
    this.#waiting = startWaiting({ ...this.#options, ...waiting, folder: WORK })
    if (!(await this.#waiting.waits)) throw new Error('the program did not come to wait')
    say({ type: 'warm' })
  }

  /** Answers `listening` once the port accepts, or `exited` if the program ends before. */
  async start(files: FileMap): Promise<void> {
    const { say, out } = this.#options
    const waiting = await this.#takeWaiting()
    if (this.#modes && !waiting) {
      killAll()
      await cleanUp(this.#modes)
    }
    this.#modes ??= modesOfFolders()
    layFiles(WORK, files)
    const started = performance.now()
    waiting?.go()
    const current = waiting?.run ?? run({ ...this.#options, folder: WORK, stdin: 'ignore' })
    this.#run = current
    current.child.stdout?.pipe(out, { end: false })
    void this.#tellEnd(current)
    this.#host = await acceptsConnections({ ...this.#options, soon: waiting !== undefined }, () => current.over || current.stopped)
    if (!current.over && !current.stopped) say({ type: 'listening', afterMs: performance.now() - started })
  }

  /** Answers `exited` once more when the program, or the one that waits, ended by itself; else `running`. */
  async check(): Promise<void> {
    const current = this.#run ?? this.#waiting?.run
    if (current && !current.stopped && (await isAtItsEnd(current))) this.#options.say(await current.news)
    else this.#options.say({ type: 'running', oomKills: await oomKills() })
  }

  signal(signal: NodeJS.Signals): void {
    this.#run?.child.kill(signal)
  }

  /** Kills every process of this user but this one and init, so that nothing the program left behind lives on. */
  async stop(): Promise<void> {
    const current = this.#run ?? this.#waiting?.run
    this.#waiting = undefined
    if (current) current.stopped = true
    if (current && !hasEnded(current.child)) {
      const gone = once(current.child, 'exit')
      killAll()
      await gone
    } else killAll()
    this.#options.say({ type: 'stopped', oomKills: await oomKills() })
  }

  /** The program that waits, if it is alive. */
  async #takeWaiting(): Promise<Waiting | undefined> {
    const waiting = this.#waiting
    this.#waiting = undefined
    return waiting && (await waiting.waits) && !(await isAtItsEnd(waiting.run)) ? waiting : undefined
  }

  async #tellEnd(current: Run): Promise<void> {
    const news = await current.news
    if (!current.stopped) this.#options.say(news)
  }
}

async function isAtItsEnd({ child }: Run): Promise<boolean> {
  return hasEnded(child) || isExiting(child.pid ?? 0)
}

function killAll(): void {
  try {
    process.kill(-1, 'SIGKILL')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
