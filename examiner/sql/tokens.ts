/** A word, a mark or a literal of SQL outside every bracket, with its place in the text. `word` is upper-case, '' for literals. */
export type Token = { word: string; from: number; to: number }

const PIECES =
  /(?<space>\s+|--[^\n]*|\/\*[\s\S]*?\*\/)|(?<quoted>[eE]'(?:[^'\\]|\\[\s\S]|'')*'|(?:[uU]&|[bBxX])?'(?:[^']|'')*'|(?:[uU]&)?"(?:[^"]|"")*"|\$(?<tag>[A-Za-z_]\w*|)\$[\s\S]*?\$\k<tag>\$)|(?<word>[\p{L}_][\p{L}\p{N}_$]*)|(?<other>[\s\S])/gu

/**
 * The tokens of an exercise's own SQL that stand outside brackets; a bracketed part counts as one literal.
 * Only for texts that the grammar has accepted.
 */
export function topLevelTokens(text: string): Token[] {
  const tokens: Token[] = []
  let depth = 0
  for (const match of text.matchAll(PIECES)) {
    const { space, word, other } = match.groups!
    if (space !== undefined) continue
    const from = match.index
    const to = from + match[0].length
    const opens = other === '(' || other === '['
    if (other === ')' || other === ']') {
      depth--
      if (depth === 0) tokens.at(-1)!.to = to
    } else if (depth === 0) {
      tokens.push({ word: opens ? '' : (word ?? other ?? '').toUpperCase(), from, to })
    }
    if (opens) depth++
  }
  return tokens
}
