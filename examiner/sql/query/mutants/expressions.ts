import type { A_Const, Node } from 'libpg-query'
import { lastName, operatorOf } from './operators.ts'
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

  // `100.0 * a / b` is how many write it so that nothing is lost.
  A_Expr(expr, { whole }) {
    if (!ARITHMETIC.has(operatorOf(expr))) return []
    return (['lexpr', 'rexpr'] as const).flatMap(side => {
      const operand = expr[side]
      const integer = wholeNumber(operand)
      if (!operand || !integer) return []
      const by = { ...expr, [side]: { A_Const: integer } }
      const words = `${printed({ A_Expr: by })} instead of ${printed(whole)}`
      return [{ rule: 'cast-dropped', words, old: expr, by, at: locationOf(operand) ?? 0 }]
    })
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

const ARITHMETIC = new Set(['*', '/', '+', '-'])

/** `7.0` as `7`. */
function wholeNumber(operand: Node | undefined): A_Const | undefined {
  const text = operand && 'A_Const' in operand ? operand.A_Const.fval?.fval : undefined
  const [, digits] = /^(\d{1,9})\.0*$/.exec(text ?? '') ?? []
  return digits === undefined ? undefined : { ival: Number(digits) === 0 ? {} : { ival: Number(digits) } }
}
