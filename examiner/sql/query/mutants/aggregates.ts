import type { FuncCall, Node, SelectStmt } from 'libpg-query'
import { functionOf, withFunction } from './operators.ts'
import { fingerprint, printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { placesOf } from './tree.ts'

const OTHERS: Record<string, readonly string[]> = {
  min: ['max'],
  max: ['min'],
  sum: ['avg', 'count'],
  avg: ['sum'],
  bool_and: ['bool_or'],
  bool_or: ['bool_and'],
  every: ['bool_or'],
}

/** With how many columns of its SELECT `count(*)` is tried. */
const COLUMNS = 3

/** Another aggregate, and what `count` counts. */
export const AGGREGATES: Family = {
  FuncCall(call, { selects, whole }) {
    const name = functionOf(call)
    const swaps = (OTHERS[name] ?? []).map((other): Change => {
      const by = withFunction(call, other)
      return { rule: 'aggregate-swap', words: `${other} instead of ${name} in ${printed(whole)}`, old: call, by }
    })
    return name === 'count' ? [...swaps, ...counts(call, whole, selects[0])] : swaps
  },
}

function counts(call: FuncCall, whole: object, select: SelectStmt | undefined): Change[] {
  const change = (by: FuncCall): Change => ({
    rule: 'count-star',
    words: `${printed({ FuncCall: by })} instead of ${printed(whole)}`,
    old: call,
    by,
  })
  if (!call.agg_star) {
    const { args: _, agg_distinct: _distinct, ...rest } = call
    return [change({ ...rest, agg_star: true })]
  }
  const { agg_star: _, ...rest } = call
  return columnsOf(select).map(column => change({ ...rest, args: [column] }))
}

/** The columns that a SELECT itself speaks of: NULL may stand in any of them. */
function columnsOf(select: SelectStmt | undefined): Node[] {
  if (!select) return []
  const places = [...placesOf({ SelectStmt: select })].filter(
    ({ kind, node, selects }) => kind === 'ColumnRef' && selects[0] === select && isColumn(node),
  )
  const columns = new Map(places.map(({ whole }) => [fingerprint(whole), whole as Node]))
  return [...columns.values()].slice(0, COLUMNS)
}

function isColumn(node: { fields?: Node[] }): boolean {
  return (node.fields ?? []).every(field => 'String' in field)
}
