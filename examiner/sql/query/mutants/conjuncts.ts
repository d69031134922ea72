import type { BoolExprType, Node } from 'libpg-query'

/** The conditions that AND holds together, one by one; a condition that is no AND is one of itself. */
export function conjunctsOf(condition: Node | undefined): Node[] {
  if (!condition) return []
  return 'BoolExpr' in condition && condition.BoolExpr.boolop === 'AND_EXPR' ? (condition.BoolExpr.args ?? []) : [condition]
}

/** Conditions held together by AND, or by OR. At least one. */
export function allOf(conditions: readonly Node[], boolop: BoolExprType = 'AND_EXPR'): Node {
  const [only, second] = conditions
  return second ? { BoolExpr: { boolop, args: [...conditions] } } : only!
}
