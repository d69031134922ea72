/** Keeps the smallest at hand: a binary heap over an array. */
export class Heap<Item> {
  readonly #items: Item[]
  readonly #before: (one: Item, other: Item) => boolean

  constructor(items: Iterable<Item>, before: (one: Item, other: Item) => boolean) {
    this.#items = [...items]
    this.#before = before
    for (let at = (this.#items.length >> 1) - 1; at >= 0; at--) this.#sink(at)
  }

  get size(): number {
    return this.#items.length
  }

  /** The smallest, which stays; undefined when it is empty. */
  first(): Item | undefined {
    return this.#items[0]
  }

  pop(): Item | undefined {
    const first = this.#items[0]
    const last = this.#items.pop()
    if (this.#items.length > 0) this.replaceFirst(last!)
    return first
  }

  /** Puts another one in the place of the smallest; also after the smallest itself was changed. */
  replaceFirst(item: Item): void {
    this.#items[0] = item
    this.#sink(0)
  }

  #sink(at: number): void {
    const items = this.#items
    const item = items[at]!
    for (;;) {
      let child = 2 * at + 1
      if (child >= items.length) break
      if (child + 1 < items.length && this.#before(items[child + 1]!, items[child]!)) child++
      if (!this.#before(items[child]!, item)) break
      items[at] = items[child]!
      at = child
    }
    items[at] = item
  }
}
