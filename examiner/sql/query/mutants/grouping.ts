import type { Node, SelectStmt } from 'libpg-query'
import { shownColumns } from './columns.ts'
import { fingerprint, printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf, without } from './tree.ts'

/** Groups made by fewer columns, or by the name where the key was meant. */
export const GROUPING: Family = {
  SelectStmt(select) {
    const groups = (select.groupClause ?? []).filter(group => !('GroupingSet' in group))
    const dropped =
      groups.length < 2 ? [] : groups.map(group => change(select, `without ${printed(group)} in GROUP BY`, group, without(groups, group)))
    return [...dropped, ...byShownColumn(select, groups)]
  },
}

/** `GROUP BY client.id` where `client.name` is what is shown. */
function byShownColumn(select: SelectStmt, groups: readonly Node[]): Change[] {
  const grouped = new Set(groups.map(group => fingerprint(group)))
  const others = shownColumns(select).filter(column => !grouped.has(fingerprint(column)))
  return groups.flatMap(group =>
    others.map(other => {
      const list = groups.map(each => (each === group ? other : each))
      return change(select, `GROUP BY ${printed(other)} instead of ${printed(group)}`, group, list)
    }),
  )
}

function change(select: SelectStmt, words: string, group: Node, groupClause: Node[]): Change {
  return { rule: 'group-by-column', words, old: select, by: { ...select, groupClause }, at: locationOf(group) ?? 0 }
}
