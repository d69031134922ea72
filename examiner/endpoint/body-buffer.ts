/**
 * Collects a body of unknown length in one piece of memory that grows: a million chunks of one byte would otherwise be kept
 * as a million objects.
 */
export class BodyBuffer {
  #memory: Buffer = Buffer.alloc(1024)
  #length = 0

  get length(): number {
    return this.#length
  }

  add(chunk: Uint8Array): void {
    const needed = this.#length + chunk.length
    if (needed > this.#memory.length) {
      const larger = Buffer.alloc(Math.max(needed, this.#memory.length * 2))
      this.#memory.copy(larger, 0, 0, this.#length)
      this.#memory = larger
    }
    this.#memory.set(chunk, this.#length)
    this.#length = needed
  }

  bytes(): Buffer {
    return this.#memory.subarray(0, this.#length)
  }
}
