/**
 * The path of the first name that stands twice in the same object of this JSON text, which a parser has found whole. Names
 * that are written differently (`a`, `\u0061`) are the same.
 */
export function repeatedName(text: string): string[] | undefined {
  /** Of what is open: an object's names so far, a list's none, and the name that its values stand under. */
  const open: { names: Set<string> | undefined; at: string }[] = []
  let depth = 0
  let at = 0
  for (;;) {
    MARK.lastIndex = at
    at = MARK.exec(text)?.index ?? -1
    if (at === -1) return undefined
    const mark = text[at]
    if (mark !== '"') {
      at += 1
      const opens = mark === '{' || mark === '['
      depth += opens ? 1 : -1
      if (opens && depth <= DEPTH) open.push({ names: mark === '{' ? new Set() : undefined, at: '' })
      else if (!opens && depth < open.length) open.pop()
      continue
    }
    const end = endOfString(text, at)
    const inside = depth <= DEPTH ? open.at(-1) : undefined
    if (inside?.names && isBeforeColon(text, end)) {
      const name = JSON.parse(text.slice(at, end)) as string
      if (inside.names.has(name)) return [...open.slice(0, -1).map(each => each.at), name]
      inside.names.add(name)
      inside.at = name
    }
    at = end
  }
}

/** What stands between a text's values. */
const MARK = /["{}[\]]/g
/** Nothing that a schema of ours takes is as deep. */
const DEPTH = 8

function isBeforeColon(text: string, at: number): boolean {
  while (' \t\n\r'.includes(text[at]!)) at += 1
  return text[at] === ':'
}

/** Behind the quote that ends the string which begins here. */
function endOfString(text: string, begin: number): number {
  for (let quote = text.indexOf('"', begin + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let before = quote
    while (text[before - 1] === '\\') before -= 1
    // Behind an odd number of backslashes it is part of the string.
    if ((quote - before) % 2 === 0) return quote + 1
  }
  return text.length
}
