import { topLevelTokens } from '../../tokens.ts'

/**
 * Whether the statement's own WHERE names a table on the optional side of one of its outer joins, as `clients c LEFT JOIN orders o … WHERE o.paid`
 * does. Not seen: subqueries, quoted names, and columns without their table.
 */
export function hasOuterCondition(text: string): boolean {
  const tokens = topLevelTokens(text)
  const where = tokens.findIndex(({ word }) => word === 'WHERE')
  if (where === -1) return false
  const end = tokens.slice(where).find(({ word }) => AFTER_WHERE.has(word))?.from
  const named = new Set(Array.from(text.slice(tokens[where]!.to, end).matchAll(/(\w+)\s*\./g), ([, name]) => name!.toUpperCase()))
  return optionalNames(tokens.slice(0, where).map(({ word }) => word)).some(name => named.has(name))
}

const AFTER_WHERE = new Set(['GROUP', 'HAVING', 'WINDOW', 'ORDER', 'LIMIT', 'OFFSET', 'FETCH', 'FOR', 'UNION', 'INTERSECT', 'EXCEPT'])
const JOIN_KINDS = new Set(['LEFT', 'RIGHT', 'FULL', 'INNER', 'CROSS', 'NATURAL', 'OUTER'])
const AFTER_TABLE = new Set([...JOIN_KINDS, 'JOIN', 'ON', 'USING', ','])

/** The names of the tables whose columns an outer join fills with NULL. */
function optionalNames(words: readonly string[]): string[] {
  const optional: string[] = []
  let before: string[] = []
  for (const [at, word] of words.entries()) {
    if (word !== 'FROM' && word !== ',' && word !== 'JOIN') continue
    if (word !== 'JOIN') before = []
    const kind = word === 'JOIN' ? words[words[at - 1] === 'OUTER' ? at - 2 : at - 1] : undefined
    if (kind === 'RIGHT' || kind === 'FULL') optional.push(...before.splice(0))
    const name = nameAfter(words, at)
    if (name) (kind === 'LEFT' || kind === 'FULL' ? optional : before).push(name)
  }
  return optional
}

/** The alias stands last, or before its columns in brackets; quoted names and brackets are words without letters. */
function nameAfter(words: readonly string[], at: number): string | undefined {
  let name: string | undefined
  for (let next = at + 1; next < words.length && !AFTER_TABLE.has(words[next]!); next++) name = words[next] || name
  return name
}
