import type { Cell } from './cell.ts'
import { parseSql, type Statement } from '../parse.ts'
import { topLevelTokens, type Token } from '../tokens.ts'

/*
 * By what a reference sorts, so that rows which tie may come in any order.
 *
 * A key that names an output column (by name or number) is read from the reference's own rows. Any other is an expression:
 * the reference is asked again with those expressions as extra columns after its own (`text`), which are cut off.
 * With UNION and the like PostgreSQL itself allows output columns only.
 */
export type SortKeys = {
  /** What to run instead of the reference; the same text when no column had to be added. */
  text: string
  added: number
  /** Reads a row's key values. */
  read: (row: readonly Cell[]) => Cell[]
}

type SortBy = { SortBy?: { node?: Record<string, Record<string, unknown>> } }
type Key = { output: string } | { number: number } | { expression: string }

/** `columns`: the names of the reference's output, as the server gave them. Undefined when it has no top-level ORDER BY. */
export async function sortKeysOf(statement: Statement, columns: readonly string[]): Promise<SortKeys | undefined> {
  if (statement.kind !== 'SelectStmt') return undefined
  const sorts = (statement.node.sortClause ?? []) as SortBy[]
  if (sorts.length === 0) return undefined
  const expressions = orderExpressions(statement.text)
  const keys = sorts.map((sort, index): Key => {
    const [kind, node] = Object.entries(sort.SortBy?.node ?? {})[0] ?? ['', {}]
    if (kind === 'A_Const' && typeof (node.ival as { ival?: number } | undefined)?.ival === 'number') {
      return { number: (node.ival as { ival: number }).ival }
    }
    const name = kind === 'ColumnRef' ? singleName(node) : undefined
    // A bare name is an output column first; only when there is none does it name a column of the tables.
    if (name !== undefined && columns.includes(name)) return { output: name }
    return { expression: expressions?.[index] ?? '' }
  })
  const added = keys.filter(key => 'expression' in key)
  const text =
    added.length === 0
      ? statement.text
      : await withColumns(
          statement,
          added.map(key => key.expression),
        )
  if (text === undefined) return undefined
  return { text, added: added.length, read: row => readKeys(keys, row, columns) }
}

function readKeys(keys: readonly Key[], row: readonly Cell[], columns: readonly string[]): Cell[] {
  let extra = columns.length
  return keys.map(key => {
    if ('number' in key) return row[key.number - 1] ?? null
    if ('output' in key) return row[columns.indexOf(key.output)] ?? null
    return row[extra++] ?? null
  })
}

function singleName(node: Record<string, unknown>): string | undefined {
  const fields = node.fields as { String?: { sval?: string } }[] | undefined
  return fields?.length === 1 ? fields[0]?.String?.sval : undefined
}

/** The texts of the top-level ORDER BY's expressions, without direction. */
function orderExpressions(text: string): string[] | undefined {
  const tokens = topLevelTokens(text)
  const start = tokens.findLastIndex((token, index) => token.word === 'ORDER' && tokens[index + 1]?.word === 'BY')
  if (start === -1) return undefined
  const ends = new Set(['LIMIT', 'OFFSET', 'FETCH', 'FOR'])
  const found = tokens.findIndex((token, index) => index > start && ends.has(token.word))
  const items: Token[][] = [[]]
  for (const token of tokens.slice(start + 2, found === -1 ? undefined : found)) {
    if (token.word === ',') items.push([])
    else items.at(-1)!.push(token)
  }
  return items.map(item => {
    const stop = item.findIndex(({ word }) => word === 'ASC' || word === 'DESC' || word === 'USING' || word === 'NULLS')
    const kept = stop === -1 ? item : item.slice(0, stop)
    return kept.length === 0 ? '' : text.slice(kept[0]!.from, kept.at(-1)!.to)
  })
}

/** The reference with more columns at the end of its list, or undefined where that can't be done. */
async function withColumns({ text }: Statement, expressions: readonly string[]): Promise<string | undefined> {
  if (expressions.includes('')) return undefined
  const tokens = topLevelTokens(text)
  const select = tokens.findIndex(token => token.word === 'SELECT')
  const ends = new Set(['FROM', 'WHERE', 'GROUP', 'HAVING', 'WINDOW', 'ORDER'])
  const end = tokens.findIndex(
    (token, index) => index > select && ends.has(token.word) && !(token.word === 'FROM' && tokens[index - 1]?.word === 'DISTINCT'),
  )
  if (select === -1 || end === -1) return undefined
  const at = tokens[end - 1]!.to
  const changed = `${text.slice(0, at)}, ${expressions.map(expression => `(${expression})`).join(', ')}${text.slice(at)}`
  return (await parseSql(changed)).fault ? undefined : changed
}
