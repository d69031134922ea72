import type { Finding } from './evidence.ts'

/** How a grading came to its end: the examiner's last word, a finding that ends it early, or our own fault. First one stands. */
export class Ending {
  readonly #settled = Promise.withResolvers<Finding | undefined>()

  /** Resolves with the finding that ended the grading, or undefined when the examiner finished; rejects with our fault. */
  readonly reached: Promise<Finding | undefined> = this.#settled.promise

  constructor() {
    this.reached.catch(() => {})
  }

  finished(): void {
    this.#settled.resolve(undefined)
  }

  found(finding: Finding): void {
    this.#settled.resolve(finding)
  }

  failed(error: unknown): void {
    this.#settled.reject(error)
  }
}

/** Deadlines by name, each replaced by the next of the same name and all cleared at the end. */
export class Deadlines implements Disposable {
  readonly #timers = new Map<string, NodeJS.Timeout>()

  set(name: string, ms: number, passed: () => void): void {
    this.clear(name)
    this.#timers.set(name, setTimeout(passed, ms))
  }

  clear(name: string): void {
    clearTimeout(this.#timers.get(name))
    this.#timers.delete(name)
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
  }
}
