/*
 * A look at a value that somebody else made: deep, wide and long parts are cut, so that printing it or comparing two of them
 * line by line stays quick. What is cut is replaced by words that say so.
 */
const DEPTH = 8
const ITEMS = 60
const CHARACTERS = 2_000
const PARTS = 2_000
/** Room for the words that say what was cut, as there is for one item: what was cut once isn't cut again. */
const WORDS = 40

/** A copy of `value` that is at most that large. Anything but plain objects and arrays stays as it is. */
export function bounded(value: unknown): unknown {
  let parts = 0
  return copy(value, 0)

  function copy(part: unknown, depth: number): unknown {
    if (typeof part === 'string')
      return part.length > CHARACTERS + WORDS ? `${part.slice(0, CHARACTERS)}… (${part.length} characters)` : part
    if (typeof part !== 'object' || part === null) return part
    if (ArrayBuffer.isView(part)) return part.byteLength > 64 ? `[${part.byteLength} bytes]` : part
    const isArray = Array.isArray(part)
    const prototype: unknown = Object.getPrototypeOf(part)
    if (!isArray && prototype !== Object.prototype && prototype !== null) return part
    if (depth === DEPTH) return isArray ? '[…]' : '{…}'
    if (isArray) {
      const items = part.slice(0, shownOf(part.length)).map(item => (++parts > PARTS ? '…' : copy(item, depth + 1)))
      return items.length < part.length ? [...items, `… ${part.length - items.length} more`] : items
    }
    const names = Object.keys(part)
    const kept = names
      .slice(0, shownOf(names.length))
      .map(name => [name.slice(0, 200), ++parts > PARTS ? '…' : copy(valueOf(part, name), depth + 1)] as const)
    if (kept.length < names.length) kept.push(['…', `${names.length - kept.length} more`])
    return Object.fromEntries(kept)
  }
}

function shownOf(length: number): number {
  return length > ITEMS + 1 ? ITEMS : length
}

/** An answer's `json` throws where there is none. */
function valueOf(of: object, name: string): unknown {
  try {
    return (of as Record<string, unknown>)[name]
  } catch {
    return '[throws]'
  }
}
