import type * as tree from 'libpg-query'
import type { MutationRule } from './mutants.ts'
import type { Place } from './tree.ts'

/** One slip: `by` stands where `old`, an object of the statement's tree, stood. */
export type Change = {
  rule: MutationRule
  words: string
  old: object
  by: object
  /** The byte of the source where it shows; by default where the rule's node begins. */
  at?: number
}

type Kinds = {
  A_Const: tree.A_Const
  A_Expr: tree.A_Expr
  BoolExpr: tree.BoolExpr
  BooleanTest: tree.BooleanTest
  CaseExpr: tree.CaseExpr
  CoalesceExpr: tree.CoalesceExpr
  DeleteStmt: tree.DeleteStmt
  FuncCall: tree.FuncCall
  JoinExpr: tree.JoinExpr
  SelectStmt: tree.SelectStmt
  SortBy: tree.SortBy
  SubLink: tree.SubLink
  TypeCast: tree.TypeCast
  UpdateStmt: tree.UpdateStmt
  WindowDef: tree.WindowDef
}

/** What a family of rules makes of each kind of node; a node of another kind doesn't concern it. */
export type Family = { [K in keyof Kinds]?: (node: Kinds[K], place: Place) => Change[] } & {
  [kind: string]: ((node: never, place: Place) => Change[]) | undefined
}
