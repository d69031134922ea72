import type { A_Const, Node } from 'libpg-query'
import { lastName } from '../mutants/operators.ts'
import { placesOf, type Place } from '../mutants/tree.ts'
import { parseSql } from '../../parse.ts'

/** The constants that stand in some SQL: those beside a column by its name, and all of them. */
export type Constants = { beside: Map<string, Set<string>>; all: Set<string> }

/** Of the reference, and of CHECK constraints: values there, and the ones next to them, are where a condition turns. */
export async function constantsOf(reference: string, checks: readonly string[]): Promise<Constants> {
  const found: Constants = { beside: new Map(), all: new Set() }
  const texts = [
    reference,
    ...checks.map(check => check.replace(/^CHECK\s*(\(.*\))(?: NO INHERIT)?(?: NOT VALID)?$/s, 'SELECT 1 WHERE $1')),
  ]
  for (const text of texts) {
    const parsed = await parseSql(text)
    if (parsed.fault) continue
    for (const { kind, node } of parsed.statements) collect({ [kind]: node } as unknown as Node, found)
  }
  return found
}

function collect(tree: Node, { beside, all }: Constants): void {
  for (const { kind, node } of placesOf(tree)) {
    if (kind === 'A_Const') valuesOf(node).forEach(value => all.add(value))
    if (kind !== 'A_Expr') continue
    const inside = [...placesOf({ A_Expr: node })]
    const values = inside.flatMap(constant)
    if (values.length === 0) continue
    for (const place of inside.filter(each => each.kind === 'ColumnRef')) {
      const column = lastName((place.node as { fields?: Node[] }).fields)
      const known = beside.get(column) ?? new Set()
      values.forEach(value => known.add(value))
      beside.set(column, known)
    }
  }
}

function constant({ kind, node }: Place): string[] {
  return kind === 'A_Const' ? valuesOf(node) : []
}

function valuesOf({ ival, fval, sval }: A_Const): string[] {
  if (ival) return [String(ival.ival ?? 0)]
  return [fval?.fval ?? sval?.sval ?? []].flat()
}
