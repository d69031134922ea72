import { Deparser } from 'pgsql-deparser'
import type { Node } from 'libpg-query'
import { clip } from '../../shown.ts'
import { parseSql } from '../../parse.ts'

/** The deparser, with what it forgets. */
class Printer extends Deparser {
  override SelectStmt(...[select, context]: Parameters<Deparser['SelectStmt']>): string {
    if (select.limitOption !== 'LIMIT_OPTION_WITH_TIES') return super.SelectStmt(select, context)
    const { limitCount, limitOption: _, ...rest } = select
    return `${super.SelectStmt(rest, context)} FETCH FIRST (${this.visit(limitCount!, context)}) ROWS WITH TIES`
  }
}

/** A statement's text, if the grammar reads that as a tree of this fingerprint; undefined where the deparser can't write it so. */
export async function printStatement(tree: Node, wanted: string): Promise<string | undefined> {
  const text = print(tree)
  if (text === undefined) return undefined
  const parsed = await parseSql(text)
  if (parsed.fault || parsed.statements.length !== 1) return undefined
  const { kind, node } = parsed.statements[0]!
  return fingerprint({ [kind]: node }) === wanted ? text : undefined
}

function print(tree: object): string | undefined {
  try {
    return new Printer(tree, { pretty: false }).deparseQuery()
  } catch {
    return undefined
  }
}

/** A part of a statement as words tell it, on one line of at most `most` characters. */
export function printed(part: object | undefined, most = 60): string {
  return clip((part && print(part)) ?? '…', most).replaceAll(/\s+/g, ' ')
}

/** The same for trees that differ only in where they stand in their sources. */
export function fingerprint(tree: unknown): string {
  return JSON.stringify(tree, (key, value: unknown) => {
    if (PLACES.has(key)) return undefined
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

const PLACES = new Set([
  'location',
  'stmt_location',
  'stmt_len',
  'list_start',
  'list_end',
  'rexpr_list_start',
  'rexpr_list_end',
  'name_location',
])
