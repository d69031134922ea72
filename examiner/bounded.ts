/*
 * A look at a value that somebody else made: deep, wide and long parts are cut, so that printing it or comparing two of them
 * line by line stays quick. What is cut is replaced by words that say so.
 */
const DEPTH = 8
const ITEMS = 60
const CHARACTERS = 2_000
const PARTS = 2_000

/** A copy of `value` that is at most that large. Anything but plain objects and arrays stays as it is. */
export function bounded(value: unknown): unknown {
  let parts = 0
  return copy(value, 0)

  function copy(part: unknown, depth: number): unknown {
    if (typeof part === 'string') return part.length > CHARACTERS ? `${part.slice(0, CHARACTERS)}… (${part.length} characters)` : part
    if (typeof part !== 'object' || part === null) return part
    if (ArrayBuffer.isView(part)) return part.byteLength > 64 ? `[${part.byteLength} bytes]` : part
    const isArray = Array.isArray(part)
    const prototype: unknown = Object.getPrototypeOf(part)
    if (!isArray && prototype !== Object.prototype && prototype !== null) return part
    if (depth === DEPTH) return isArray ? '[…]' : '{…}'
    if (isArray) {
      const items = part.slice(0, ITEMS).map(item => (++parts > PARTS ? '…' : copy(item, depth + 1)))
      return part.length > ITEMS ? [...items, `… ${part.length - ITEMS} more`] : items
    }
    const entries = Object.entries(part)
    const kept = entries.slice(0, ITEMS).map(([key, item]) => [key.slice(0, 200), ++parts > PARTS ? '…' : copy(item, depth + 1)] as const)
    if (entries.length > ITEMS) kept.push(['…', `${entries.length - ITEMS} more`])
    return Object.fromEntries(kept)
  }
}
