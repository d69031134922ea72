import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'

/** A process of ours under test: its lines, waits for one of them, and its end. */
export class TestProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly lines: string[] = []
  readonly #watchers = new Set<() => void>()
  readonly ended: Promise<number | NodeJS.Signals | null>

  constructor(script: string, environment: Record<string, string>, args: string[] = []) {
    this.#child = spawn(process.execPath, [script, ...args], {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const exit = Promise.withResolvers<number | NodeJS.Signals | null>()
    this.ended = exit.promise
    this.#child.once('exit', (code, signal) => {
      exit.resolve(code ?? signal)
      for (const watch of this.#watchers) watch()
    })
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      createInterface({ input: stream }).on('line', line => {
        this.lines.push(line)
        for (const watch of this.#watchers) watch()
      })
    }
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Resolves once a line matches, from the first line on; throws with what was printed when the process ends before. */
  async printed(pattern: RegExp): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>()
    const watch = () => {
      const line = this.lines.find(each => pattern.test(each))
      if (line !== undefined) resolve(line)
      else if (this.#child.exitCode !== null || this.#child.signalCode !== null)
        reject(new Error(`ended without ${pattern}:\n${this.lines.slice(-20).join('\n')}`))
    }
    this.#watchers.add(watch)
    watch()
    return promise.finally(() => this.#watchers.delete(watch))
  }

  async kill(signal: NodeJS.Signals): Promise<number | NodeJS.Signals | null> {
    this.#child.kill(signal)
    return this.ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill('SIGKILL')
  }
}
