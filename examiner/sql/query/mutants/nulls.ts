import type { BoolTestType, SortByNulls } from 'libpg-query'
import { functionOf, withOperator } from './operators.ts'
import { orderMatters } from './order.ts'
import { printed } from './print.ts'
import type { Family } from './rule.ts'

/** Tests that take NULL for something, and the same without that. */
const PLAIN: Partial<Record<BoolTestType, { negated: boolean }>> = {
  IS_TRUE: { negated: false },
  IS_NOT_FALSE: { negated: false },
  IS_FALSE: { negated: true },
  IS_NOT_TRUE: { negated: true },
}

/** What stands in for NULL, forgotten. */
export const NULLS: Family = {
  BooleanTest({ arg, booltesttype }, { whole }) {
    const plain = PLAIN[booltesttype!]
    if (!plain || !arg) return []
    const by = plain.negated ? { BoolExpr: { boolop: 'NOT_EXPR', args: [arg] } } : arg
    return [{ rule: 'null-handling', words: `${printed(by)} instead of ${printed(whole)}`, old: whole, by }]
  },

  CoalesceExpr({ args }, { whole }) {
    const [first] = args ?? []
    if (!first) return []
    return [{ rule: 'null-handling', words: `${printed(first)} instead of ${printed(whole)}`, old: whole, by: first }]
  },

  FuncCall({ args, ...call }, { whole }) {
    const [first] = args ?? []
    if (!first || functionOf(call) !== 'nullif') return []
    return [{ rule: 'null-handling', words: `${printed(first)} instead of ${printed(whole)}`, old: whole, by: first }]
  },

  A_Expr(expr, { whole }) {
    if (expr.kind === 'AEXPR_NULLIF' && expr.lexpr)
      return [{ rule: 'null-handling', words: `${printed(expr.lexpr)} instead of ${printed(whole)}`, old: whole, by: expr.lexpr }]
    const operator = expr.kind === 'AEXPR_DISTINCT' ? '<>' : expr.kind === 'AEXPR_NOT_DISTINCT' ? '=' : undefined
    if (operator) {
      const by = withOperator({ ...expr, kind: 'AEXPR_OP' }, operator)
      return [{ rule: 'null-handling', words: `${printed({ A_Expr: by })} instead of ${printed(whole)}`, old: expr, by }]
    }
    return []
  },

  SortBy(sort, place) {
    if (!orderMatters(place)) return []
    const first = sort.sortby_nulls === 'SORTBY_NULLS_FIRST' || (isDefault(sort.sortby_nulls) && sort.sortby_dir === 'SORTBY_DESC')
    const sortby_nulls: SortByNulls = first ? 'SORTBY_NULLS_LAST' : 'SORTBY_NULLS_FIRST'
    const words = `NULLS ${first ? 'LAST' : 'FIRST'} in ORDER BY ${printed(sort.node)}`
    return [{ rule: 'nulls-order', words, old: sort, by: { ...sort, sortby_nulls } }]
  },
}

function isDefault(nulls: SortByNulls | undefined): boolean {
  return nulls === undefined || nulls === 'SORTBY_NULLS_DEFAULT'
}
