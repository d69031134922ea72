import { AsyncLocalStorage } from 'node:async_hooks'
import type { Duplex } from 'node:stream'
import { holdLastByte } from './hold-last-byte.ts'

const atPlace = new AsyncLocalStorage<Place>()

/** Has a request wait before its last byte, if it is the first that is sent at a place; otherwise leaves its connection alone. */
export function waitAtPlace(connection: Duplex): void {
  atPlace.getStore()?.hold(connection)
}

/** Where one request waits: its connection is open, and all of it but the last byte has been sent. */
export class Place {
  readonly #ready = Promise.withResolvers<void>()
  #taken = false
  /** Resolves when a request waits here, or none will. */
  readonly ready: Promise<void> = this.#ready.promise
  /** Sends the last byte. */
  letGo = (): void => {}

  /** The first request that `call` makes waits here until it is let go. */
  async run<T>(call: () => T | Promise<T>): Promise<T> {
    try {
      return await atPlace.run(this, async () => call())
    } finally {
      this.#taken = true
      this.#ready.resolve()
    }
  }

  hold(connection: Duplex): void {
    if (this.#taken) return
    this.#taken = true
    // A request is written in one turn: after it nothing more is to come but the last byte.
    this.letGo = holdLastByte(connection, () => setImmediate(() => this.#ready.resolve()))
  }
}
