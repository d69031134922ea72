import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { FileMap } from '../../core/submission.ts'

/** The learner's program as a learner starts it: `node server.js` in its folder, as a process of this machine. */
export class Program {
  readonly #folder: string
  readonly #port: number
  readonly #env: Record<string, string>
  #process: ChildProcess | undefined

  constructor(folder: string, port: number, env: Record<string, string>) {
    this.#folder = folder
    this.#port = port
    this.#env = env
  }

  async lay(files: FileMap): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true })
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(this.#folder, path)), { recursive: true })
      await writeFile(join(this.#folder, path), text)
    }
  }

  /** Resolves once it accepts connections. */
  async start(): Promise<void> {
    const child = spawn(process.execPath, ['server.js'], {
      cwd: this.#folder,
      stdio: 'ignore',
      env: { PATH: process.env.PATH ?? '', PORT: String(this.#port), HOST: '127.0.0.1', NODE_ENV: 'production', ...this.#env },
    })
    this.#process = child
    while (!(await accepts(this.#port))) {
      if (child.exitCode !== null) throw new Error(`the submission ended with code ${child.exitCode}`)
      await pause(1)
    }
  }

  get pid(): number | undefined {
    return this.#process?.pid
  }

  async stop(): Promise<void> {
    const child = this.#process
    this.#process = undefined
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
}

function accepts(port: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const socket = connect(port, '127.0.0.1')
  socket.once('connect', () => {
    socket.destroy()
    resolve(true)
  })
  socket.once('error', () => resolve(false))
  return promise
}
