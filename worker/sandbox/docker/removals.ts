/*
 * Boxes are removed behind the verdict, mostly several together, and the engine takes long for it: beside four removals at once
 * the opening of another box takes more than twice as long, beside one at a time some 70 % longer (`npm run bench:boxes` shows
 * it). So they stand in line; where the line grows, more go at once, or boxes that nobody needs would fill the machine.
 */
const WAITING_FOR_ONE_MORE = 4

export class Removals {
  readonly #waiting: (() => void)[] = []
  #running = 0

  /** Runs a removal when its turn comes. */
  async inTurn<T>(remove: () => Promise<T>): Promise<T> {
    if (this.#running > 0) {
      const turn = Promise.withResolvers<void>()
      this.#waiting.push(turn.resolve)
      this.#next()
      await turn.promise
    } else this.#running++
    try {
      return await remove()
    } finally {
      this.#running--
      this.#next()
    }
  }

  #next(): void {
    while (this.#waiting.length > 0 && this.#running <= Math.floor(this.#waiting.length / WAITING_FOR_ONE_MORE)) {
      this.#running++
      this.#waiting.shift()!()
    }
  }
}
