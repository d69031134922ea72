import type { FuncCall, SelectStmt } from 'libpg-query'
import { functionOf } from './operators.ts'
import { printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf } from './tree.ts'

const SET_OPERATIONS: Record<string, string> = { SETOP_UNION: 'UNION', SETOP_INTERSECT: 'INTERSECT', SETOP_EXCEPT: 'EXCEPT' }

/** Rows that are there twice, kept or lost. */
export const DUPLICATES: Family = {
  SelectStmt(select, { selects, way }) {
    const operation = SET_OPERATIONS[select.op ?? '']
    if (operation) {
      // The grammar's tree leaves out what is false.
      const { all, ...rest } = select
      const words = all ? `${operation} instead of ${operation} ALL` : `${operation} ALL instead of ${operation}`
      return [{ rule: 'union-all', words, old: select, by: all ? rest : { ...rest, all: true }, at: locationOf(select.rarg) ?? 0 }]
    }
    if (select.distinctClause) return withoutDistinct(select)
    if (select.valuesLists || !select.targetList || (selects.length > 0 && hidesDuplicates(way))) return []
    return [{ rule: 'distinct-added', words: 'SELECT DISTINCT instead of SELECT', old: select, by: { ...select, distinctClause: [{}] } }]
  },

  FuncCall(call, { whole }) {
    const { agg_distinct: distinct, ...rest } = call
    if (!distinct) return countedOnce(call, whole)
    return [{ rule: 'distinct-dropped', words: `without DISTINCT in ${printed(whole)}`, old: call, by: rest }]
  },
}

/** Aggregates for which equal values count, each one. */
const COUNTING = new Set(['count', 'sum', 'avg'])

/** Not of a window function: those know no DISTINCT. */
function countedOnce(call: FuncCall, whole: object): Change[] {
  if (!COUNTING.has(functionOf(call)) || call.agg_star || call.over || !call.args) return []
  return [{ rule: 'distinct-added', words: `DISTINCT in ${printed(whole)}`, old: call, by: { ...call, agg_distinct: true } }]
}

function withoutDistinct(select: SelectStmt): Change[] {
  const { distinctClause, ...rest } = select
  const keys = (distinctClause ?? []).filter(key => Object.keys(key).length > 0)
  const words = keys.length === 0 ? 'without DISTINCT' : `without DISTINCT ON (${keys.map(key => printed(key)).join(', ')})`
  return [{ rule: 'distinct-dropped', words, old: select, by: rest }]
}

/** Whether rows of a SELECT here count no more than once: in EXISTS and IN. */
function hidesDuplicates(way: readonly string[]): boolean {
  return way.at(-1) === 'subselect'
}
