import type { A_Expr, FuncCall, Node } from 'libpg-query'

/** An expression's operator, such as `<=`; '' where it stands in another schema than the usual. */
export function operatorOf({ name }: A_Expr): string {
  return lastName(name)
}

export function withOperator(expr: A_Expr, operator: string): A_Expr {
  return { ...expr, name: [{ String: { sval: operator } }] }
}

/** A function's name, without the schema. */
export function functionOf({ funcname }: FuncCall): string {
  return lastName(funcname)
}

export function withFunction(call: FuncCall, name: string): FuncCall {
  return { ...call, funcname: [{ String: { sval: name } }] }
}

/** The last part of a name. */
export function lastName(parts: readonly Node[] | undefined): string {
  const last = parts?.at(-1)
  return last && 'String' in last ? (last.String.sval ?? '') : ''
}
