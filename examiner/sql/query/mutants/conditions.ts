import type { BoolExpr, Node, SubLink } from 'libpg-query'
import { allOf } from './conjuncts.ts'
import { printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf, without } from './tree.ts'

/** Conditions that were forgotten, and brackets. */
export const CONDITIONS: Family = {
  BoolExpr(bool, { whole }) {
    if (bool.boolop === 'NOT_EXPR') return []
    const args = bool.args ?? []
    const dropped = args.map((arg): Change => ({
      rule: bool.boolop === 'AND_EXPR' ? 'conjunct-dropped' : 'disjunct-dropped',
      words: `without the condition ${printed(arg)}`,
      old: whole,
      by: allOf(without(args, arg), bool.boolop),
      at: locationOf(arg) ?? 0,
    }))
    return bool.boolop === 'AND_EXPR' ? [...dropped, ...withoutBrackets(args, whole)] : dropped
  },

  SelectStmt(select) {
    const { whereClause, havingClause, ...rest } = select
    return [
      ...alone(whereClause, 'WHERE', select, { ...rest, havingClause }),
      ...alone(havingClause, 'HAVING', select, { ...rest, whereClause }),
    ]
  },
  UpdateStmt({ whereClause, ...rest }, { node }) {
    return alone(whereClause, 'WHERE', node, rest)
  },
  DeleteStmt({ whereClause, ...rest }, { node }) {
    return alone(whereClause, 'WHERE', node, rest)
  },
  SubLink(link) {
    return link.subLinkType === 'ANY_SUBLINK' ? withoutColumn(link) : []
  },
  FuncCall(call) {
    const { agg_filter: filter, ...rest } = call
    return alone(filter, 'FILTER', call, rest)
  },
}

/** `day IN (SELECT max(day) …)` for `(shop, day) IN (SELECT shop, max(day) …)`: the day of another shop will do. */
function withoutColumn(link: SubLink): Change[] {
  const row = link.testexpr && 'RowExpr' in link.testexpr ? link.testexpr.RowExpr : undefined
  const select = link.subselect && 'SelectStmt' in link.subselect ? link.subselect.SelectStmt : undefined
  const columns = row?.args ?? []
  const targets = select?.targetList ?? []
  if (columns.length < 2 || columns.length !== targets.length) return []
  return columns.map((column, index): Change => {
    const left = without(columns, column)
    const [only, second] = left
    const testexpr: Node = second ? { RowExpr: { ...row, args: left } } : only!
    return {
      rule: 'conjunct-dropped',
      words: `without ${printed(column)} in ${printed(link.testexpr)} IN (SELECT …)`,
      old: link,
      by: { ...link, testexpr, subselect: { SelectStmt: { ...select, targetList: without(targets, targets[index]!) } } },
      at: locationOf(column) ?? 0,
    }
  })
}

/** A clause whose only condition goes. */
function alone(condition: Node | undefined, clause: string, old: object, by: object): Change[] {
  if (!condition || ('BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR')) return []
  return [{ rule: 'conjunct-dropped', words: `without ${clause} ${printed(condition)}`, old, by, at: locationOf(condition) ?? 0 }]
}

/** `a AND (b OR c)` read as `(a AND b) OR c`; where the brackets come first, `(b OR c) AND a` as `b OR (c AND a)`. */
function withoutBrackets(args: readonly Node[], whole: object): Change[] {
  return args.flatMap((arg, index): Change[] => {
    const or: BoolExpr | undefined = 'BoolExpr' in arg && arg.BoolExpr.boolop === 'OR_EXPR' ? arg.BoolExpr : undefined
    if (!or?.args) return []
    const before = args.slice(0, index)
    const after = args.slice(index + 1)
    const [first, ...middle] = or.args.slice(0, -1)
    const last = or.args.at(-1)!
    const by = allOf([allOf([...before, first!]), ...middle, allOf([last, ...after])], 'OR_EXPR')
    return [{ rule: 'brackets-dropped', words: `without the brackets around ${printed(arg)}`, old: whole, by, at: locationOf(arg) ?? 0 }]
  })
}
