import type { Node, SelectStmt, SubLink } from 'libpg-query'
import { allOf, conjunctsOf } from './conjuncts.ts'
import { operatorOf } from './operators.ts'
import { printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { without } from './tree.ts'

/** NOT IN finds nothing once its list holds a NULL; NOT EXISTS doesn't mind. */
export const NOT_IN: Family = {
  BoolExpr({ boolop, args }, { whole }) {
    const [arg] = args ?? []
    if (boolop !== 'NOT_EXPR' || !arg || !('SubLink' in arg)) return []
    const select = selectOf(arg.SubLink)
    if (!select) return []
    if (arg.SubLink.subLinkType === 'EXISTS_SUBLINK') return existsAsIn(select, whole)
    if (arg.SubLink.subLinkType === 'ANY_SUBLINK') return inWithoutNulls(arg.SubLink, select, whole)
    return []
  },
}

function existsAsIn(select: SelectStmt, whole: object): Change[] {
  const conjuncts = conjunctsOf(select.whereClause)
  const inner = new Set(
    (select.fromClause ?? []).flatMap(part => ('RangeVar' in part ? (part.RangeVar.alias?.aliasname ?? part.RangeVar.relname ?? []) : [])),
  )
  return conjuncts.flatMap((conjunct): Change[] => {
    const expr = 'A_Expr' in conjunct && operatorOf(conjunct.A_Expr) === '=' ? conjunct.A_Expr : undefined
    const [left, right] = [tableOf(expr?.lexpr), tableOf(expr?.rexpr)]
    if (left === undefined || right === undefined || inner.has(left) === inner.has(right)) return []
    const [mine, outer] = inner.has(left) ? [expr!.lexpr!, expr!.rexpr!] : [expr!.rexpr!, expr!.lexpr!]
    const { whereClause: _, ...rest } = select
    const left_ = without(conjuncts, conjunct)
    const asked: SelectStmt = {
      ...rest,
      targetList: [{ ResTarget: { val: mine } }],
      ...(left_.length > 0 && { whereClause: allOf(left_) }),
    }
    const by: Node = {
      BoolExpr: {
        boolop: 'NOT_EXPR',
        args: [{ SubLink: { subLinkType: 'ANY_SUBLINK', testexpr: outer, subselect: { SelectStmt: asked } } }],
      },
    }
    return [{ rule: 'not-in', words: `${printed(outer)} NOT IN (SELECT ${printed(mine)} …) instead of NOT EXISTS`, old: whole, by }]
  })
}

/** The list without its NULLs: right where the reference means that a NULL in it makes the answer unknown. */
function inWithoutNulls(link: SubLink, select: SelectStmt, whole: object): Change[] {
  const [target] = select.targetList ?? []
  const value = target && 'ResTarget' in target ? target.ResTarget.val : undefined
  // Of a grouped SELECT the value may be an aggregate, which WHERE can't ask.
  if (!value || !('ColumnRef' in value) || select.op !== 'SETOP_NONE' || select.groupClause) return []
  const asked = {
    ...select,
    whereClause: allOf([...conjunctsOf(select.whereClause), { NullTest: { arg: value, nulltesttype: 'IS_NOT_NULL' } }]),
  }
  const by: Node = { BoolExpr: { boolop: 'NOT_EXPR', args: [{ SubLink: { ...link, subselect: { SelectStmt: asked } } }] } }
  return [{ rule: 'not-in', words: `without the NULLs of ${printed(value)} in NOT IN`, old: whole, by }]
}

function selectOf({ subselect }: SubLink): SelectStmt | undefined {
  return subselect && 'SelectStmt' in subselect ? subselect.SelectStmt : undefined
}

/** The table that a column is named with. */
function tableOf(node: Node | undefined): string | undefined {
  const [table, column] = node && 'ColumnRef' in node ? (node.ColumnRef.fields ?? []) : []
  return column && table && 'String' in table ? table.String.sval : undefined
}
