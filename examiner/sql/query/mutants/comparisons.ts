import type { Node } from 'libpg-query'
import { operatorOf, withOperator } from './operators.ts'
import { printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf, without } from './tree.ts'

const OTHERS: Record<string, string> = { '<': '<=', '<=': '<', '>': '>=', '>=': '>' }

/** Whether a bound belongs to the range, and what belongs to a list. */
export const COMPARISONS: Family = {
  A_Expr(expr, { whole }) {
    const operator = operatorOf(expr)
    const other = OTHERS[operator]
    if (expr.kind === 'AEXPR_OP' && other) {
      const words = `\`${other}\` instead of \`${operator}\` in ${printed(whole)}`
      return [{ rule: 'comparison-bound', words, old: expr, by: withOperator(expr, other), at: expr.location ?? 0 }]
    }
    const items = expr.rexpr && 'List' in expr.rexpr ? (expr.rexpr.List.items ?? []) : []
    if (expr.kind === 'AEXPR_BETWEEN') return halfOpen(expr.lexpr!, items, whole)
    if (expr.kind === 'AEXPR_IN' && items.length > 1)
      return items.map(item => ({
        rule: 'list-shortened',
        words: `without ${printed(item)} in ${printed(whole)}`,
        old: expr,
        by: { ...expr, rexpr: { List: { items: without(items, item) } } },
        at: locationOf(item) ?? 0,
      }))
    return []
  },
}

function halfOpen(value: Node, [low, high]: readonly Node[], whole: object): Change[] {
  const range = (from: string, to: string): Node => ({
    BoolExpr: { boolop: 'AND_EXPR', args: [compared(value, from, low!), compared(value, to, high!)] },
  })
  const change = (by: Node, bound: Node): Change => ({
    rule: 'comparison-bound',
    words: `without the bound ${printed(bound)} itself in ${printed(whole)}`,
    old: whole,
    by,
    at: locationOf(bound) ?? 0,
  })
  return [change(range('>', '<='), low!), change(range('>=', '<'), high!)]
}

function compared(lexpr: Node, operator: string, rexpr: Node): Node {
  return { A_Expr: withOperator({ kind: 'AEXPR_OP', lexpr, rexpr }, operator) }
}
