import type { JoinExpr, Node, SelectStmt } from 'libpg-query'
import { tableOf } from './columns.ts'
import { allOf, conjunctsOf } from './conjuncts.ts'
import { printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf, placesOf, swapped, without } from './tree.ts'

/** A condition on an outer join's other side: in ON it keeps the row, in WHERE it loses it. */
export const MOVED_CONDITIONS: Family = {
  SelectStmt(select) {
    return outerJoins(select).flatMap(join => [...toWhere(select, join), ...toOn(select, join)])
  },
}

/** Only where ON keeps a condition: a join on nothing is another query than the one that was meant. */
function toWhere(select: SelectStmt, join: JoinExpr): Change[] {
  const conjuncts = conjunctsOf(join.quals)
  if (conjuncts.length < 2) return []
  return conjuncts.map(moved => {
    const fromClause = swapped(select.fromClause, join, { ...join, quals: allOf(without(conjuncts, moved)) })
    return {
      rule: 'on-moved-to-where',
      words: `${printed(moved)} in WHERE instead of the join's ON`,
      old: select,
      by: { ...select, fromClause, whereClause: allOf([...conjunctsOf(select.whereClause), moved]) },
      at: locationOf(moved) ?? 0,
    }
  })
}

function toOn(select: SelectStmt, join: JoinExpr): Change[] {
  const conjuncts = conjunctsOf(select.whereClause)
  const names = tablesOf(join.jointype === 'JOIN_LEFT' ? join.rarg : join.larg)
  const about = conjuncts.filter(each => names.some(name => mentions(each, name)))
  return about.map(moved => {
    const fromClause = swapped(select.fromClause, join, { ...join, quals: allOf([...conjunctsOf(join.quals), moved]) })
    const { whereClause: _, ...rest } = select
    const left = without(conjuncts, moved)
    return {
      rule: 'where-moved-to-on',
      words: `${printed(moved)} in the join's ON instead of WHERE`,
      old: select,
      by: { ...rest, fromClause, ...(left.length > 0 && { whereClause: allOf(left) }) },
      at: locationOf(moved) ?? 0,
    }
  })
}

/** Those with an ON; not those of the SELECTs inside this one. */
function outerJoins(select: SelectStmt): JoinExpr[] {
  const within = (node: Node | undefined): JoinExpr[] => {
    if (!node || !('JoinExpr' in node)) return []
    const join = node.JoinExpr
    const own = join.quals && join.jointype !== 'JOIN_INNER' ? [join] : []
    return [...within(join.larg), ...own, ...within(join.rarg)]
  }
  return (select.fromClause ?? []).flatMap(within)
}

/** The names by which a part of FROM is known. */
function tablesOf(part: Node | undefined): string[] {
  if (!part) return []
  if ('RangeVar' in part) return [part.RangeVar.alias?.aliasname ?? part.RangeVar.relname ?? '']
  if ('RangeSubselect' in part) return [part.RangeSubselect.alias?.aliasname ?? '']
  if ('JoinExpr' in part) return [...tablesOf(part.JoinExpr.larg), ...tablesOf(part.JoinExpr.rarg)]
  return []
}

function mentions(condition: Node, table: string): boolean {
  return [...placesOf(condition)].some(({ whole }) => tableOf(whole as Node) === table)
}
