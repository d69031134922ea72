import { lastName } from './operators.ts'
import { printed } from './print.ts'
import type { Family } from './rule.ts'
import { locationOf, without } from './tree.ts'

/** Types whose cast changes a value: what is divided without it loses its fraction, a time of day doesn't go away. */
const CHANGING = new Set(['numeric', 'float4', 'float8', 'int2', 'int4', 'int8', 'date'])

/** Parts of expressions that were forgotten. */
export const EXPRESSIONS: Family = {
  TypeCast({ arg, typeName }, { whole, location }) {
    if (!arg || 'A_Const' in arg || !CHANGING.has(lastName(typeName?.names))) return []
    return [{ rule: 'cast-dropped', words: `${printed(arg)} instead of ${printed(whole)}`, old: whole, by: arg, at: location }]
  },

  CaseExpr(expr) {
    const { args = [], ...rest } = expr
    if (args.length < 2) return []
    return args.map(arg => ({
      rule: 'case-branch-dropped',
      words: `without ${printed(arg)} in CASE`,
      old: expr,
      by: { ...rest, args: without(args, arg) },
      at: locationOf(arg) ?? 0,
    }))
  },
}
