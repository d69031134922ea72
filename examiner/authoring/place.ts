import { AsyncLocalStorage } from 'node:async_hooks'
import type { Duplex } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { holdLastByte } from './hold-last-byte.ts'

const atPlace = new AsyncLocalStorage<Place>()

/** Has a request wait before its last byte, if it is the first that is sent at a place; otherwise leaves its connection alone. */
export function waitAtPlace(connection: Duplex): void {
  atPlace.getStore()?.hold(connection)
}

/**
 * In which a program accepts the connections and reads what there is to read. Nobody tells when it has; and the box agent connects
 * streams that come together in no order, so that what is sent right behind may come first.
 */
const ACCEPTING_MS = 10

/** Resolves when at each place a request waits, or none will, and the program has had its moment to take them. */
export async function untilAccepted(places: readonly Place[]): Promise<void> {
  await Promise.all(places.map(({ ready }) => ready))
  await wait(ACCEPTING_MS)
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
