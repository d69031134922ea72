/** What a test is waiting for, in words, oldest first. */
export class Waiting {
  readonly #pending = new Set<{ words: string }>()

  now(): string[] {
    return [...this.#pending].map(({ words }) => words)
  }

  async during<T>(words: string, promise: Promise<T>): Promise<T> {
    const entry = { words }
    this.#pending.add(entry)
    try {
      return await promise
    } finally {
      this.#pending.delete(entry)
    }
  }
}
