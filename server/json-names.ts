/**
 * The path of the first name that stands twice in the same object of this JSON text, which a parser has found whole. Names
 * that are written differently (`a`, `\u0061`) are the same.
 */
export function repeatedName(text: string): string[] | undefined {
  /** What is open: of an object its names so far, of a list nothing; and the name that its values stand under. */
  const open: { names: Set<string> | undefined; at: string }[] = []
  let at = 0
  while (at < text.length) {
    const char = text[at]!
    if (char === '{' || char === '[') open.push({ names: char === '{' ? new Set() : undefined, at: '' })
    else if (char === '}' || char === ']') open.pop()
    if (char !== '"') {
      at += 1
      continue
    }
    const end = endOfString(text, at)
    const inside = open.at(-1)
    if (inside?.names && isBeforeColon(text, end)) {
      const name = JSON.parse(text.slice(at, end)) as string
      if (inside.names.has(name)) return [...open.slice(0, -1).map(each => each.at), name]
      inside.names.add(name)
      inside.at = name
    }
    at = end
  }
  return undefined
}

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
