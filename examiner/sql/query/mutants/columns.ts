import type { Node, SelectStmt } from 'libpg-query'

/** The plain columns that a SELECT gives. */
export function shownColumns(select: SelectStmt | undefined): Node[] {
  const shown = (select?.targetList ?? []).flatMap(target => ('ResTarget' in target ? (target.ResTarget.val ?? []) : []))
  return shown.filter(value => 'ColumnRef' in value)
}

/** The name before a column's own, such as `client` in `client.name`; undefined where there is none. */
export function tableOf(column: Node): string | undefined {
  const [first, second] = 'ColumnRef' in column ? (column.ColumnRef.fields ?? []) : []
  return first && second && 'String' in first ? first.String.sval : undefined
}
