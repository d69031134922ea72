import type { Comparison } from '../../../../core/exercise.ts'
import type { MistakeKind } from '../../../../core/mistake.ts'
import { familyOf, type Cell } from '../../comparison/cell.ts'
import { compareRows, type Expected, type RowSet } from '../../comparison/compare.ts'

/**
 * The mistake that two sets of rows show by themselves: with it undone they are the same. None where that is so of no mistake, or
 * where they are the same but for their order.
 */
export function mistakeByRows(expected: Expected, actual: RowSet, comparison: Comparison): MistakeKind | undefined {
  const rules: Comparison = { ...comparison, order: 'unordered' }
  if (same(expected, actual, rules)) return undefined
  const [once, mine] = [distinct(expected), distinct(actual)]
  if (same(once, mine, rules)) return byCopies(expected, actual, rules)
  const types = expected.columns.map(({ type }) => familyOf(type))
  // A column is the one at the same place: where columns may come in another order, these four are not looked for.
  if (rules.columnOrder === 'ignore') return undefined
  const found = UNDONE.find(({ wanted = keep, got = keep }) => {
    const undo = ({ columns, rows }: RowSet, change: Undo) => ({
      columns,
      rows: rows.map(row => row.map((cell, at) => change(cell, types[at]))),
    })
    return same(undo(expected, wanted), undo(actual, got), rules)
  })
  return found?.kind
}

function byCopies(expected: RowSet, actual: RowSet, rules: Comparison): MistakeKind | undefined {
  const { missing, extra } = compareRows(expected, actual, rules)!
  if (missing.count === 0) return 'duplicates'
  // Where some come twice still, no DISTINCT was at work.
  return extra.count === 0 && distinct(actual).rows.length === actual.rows.length ? 'duplicates-lost' : undefined
}

type Undo = (cell: Cell, family: ReturnType<typeof familyOf> | undefined) => Cell

const keep: Undo = cell => cell
const whole: Undo = (cell, family) =>
  family === 'number' && cell !== null && /^-?\d+\.\d+$/.test(cell) ? cell.replace(/\.\d+$/, '') : cell
const zeroed: Undo = (cell, family) => (family === 'number' && cell === null ? '0' : cell)
const folded: Undo = (cell, family) => (family === 'text' && cell !== null ? cell.trim().toLowerCase() : cell)

/** What makes the wanted rows, or the ones that came, into the others. */
const UNDONE: readonly { kind: MistakeKind; wanted?: Undo; got?: Undo }[] = [
  { kind: 'null-for-zero', got: zeroed },
  { kind: 'zero-for-null', wanted: zeroed },
  { kind: 'rounding', wanted: whole },
  { kind: 'letters', wanted: folded, got: folded },
]

function same(expected: Expected | RowSet, actual: RowSet, rules: Comparison): boolean {
  return compareRows(expected, actual, rules) === undefined
}

function distinct({ columns, rows }: RowSet): RowSet {
  return { columns, rows: [...new Map(rows.map(row => [JSON.stringify(row), row])).values()] }
}
