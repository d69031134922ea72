import type { Node, SelectStmt, SortByDir } from 'libpg-query'
import { printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf, without, type Place } from './tree.ts'

/** What rows are sorted by: in the answer, before a LIMIT, in windows and in aggregates that keep an order. */
export const ORDER: Family = {
  SelectStmt(select, { selects }) {
    return isSeen(select, selects.length) ? dropped(select, 'sortClause', 'ORDER BY') : []
  },
  FuncCall: call => dropped(call, 'agg_order', "the aggregate's ORDER BY"),
  WindowDef: window => dropped(window, 'orderClause', "the window's ORDER BY"),

  SortBy(sort, place) {
    if (!orderMatters(place)) return []
    const reversed: SortByDir = sort.sortby_dir === 'SORTBY_DESC' ? 'SORTBY_ASC' : 'SORTBY_DESC'
    const words = `${printed(sort.node)} ${reversed === 'SORTBY_DESC' ? 'descending' : 'ascending'} in ORDER BY`
    return [{ rule: 'order-reversed', words, old: sort, by: { ...sort, sortby_dir: reversed } }]
  },
}

/** Whether anything comes of the order in which a sort key here puts rows. */
export function orderMatters({ selects: [owner, ...outer], way }: Place): boolean {
  return way.at(-1) !== 'sortClause' || (owner !== undefined && isSeen(owner, outer.length))
}

/** The statement's own order is, and one that decides which rows are taken. */
function isSeen(select: SelectStmt, depth: number): boolean {
  const chooses = select.limitCount ?? select.limitOffset ?? select.distinctClause?.find(key => Object.keys(key).length > 0)
  return depth === 0 || chooses !== undefined
}

/** Without the whole clause; where it has several keys, without each of them. */
function dropped<F extends string>(node: { [K in F]?: Node[] }, field: F, clause: string): Change[] {
  const keys = node[field] ?? []
  if (keys.length === 0) return []
  const { [field]: _, ...rest } = node
  const change = (words: string, by: object, near: unknown): Change => ({
    rule: 'order-dropped',
    words,
    old: node,
    by,
    at: locationOf(near) ?? 0,
  })
  const each = keys.map(key => change(`without ${sorted(key)} in ${clause}`, { ...rest, [field]: without(keys, key) }, key))
  return [change(`without ${clause}`, rest, keys), ...(keys.length > 1 ? each : [])]
}

function sorted(key: Node): string {
  return printed('SortBy' in key ? key.SortBy.node : key)
}
