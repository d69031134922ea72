import type { Comparison } from '../../../core/exercise.ts'
import type { RowsDifference } from '../../../core/report.ts'
import { shownCell, shownName, shownRow } from '../shown.ts'
import { settle, type Choice } from './limit-ties.ts'
import { rowMatcher, type Matcher, type Row } from './match-rows.ts'

/*
 * Compares a learner's rows with the reference's, by the `comparison:` of its exercise.
 *
 * Order counts when the reference has a top-level ORDER BY (`keys` is set) or the exercise says so. Rows that tie under
 * the reference's sort keys may come in any order among themselves: `keys` holds each expected row's key values, and a
 * run of equal keys is a group whose rows are compared as a set.
 */
export type Column = { name: string; type: number }
export type RowSet = { columns: readonly Column[]; rows: readonly Row[] }
export type Expected = RowSet & {
  /** Per row the values of the reference's sort keys; absent when it doesn't sort. An empty key list means: no ties at all. */
  keys?: readonly Row[]
  /** Where its LIMIT cuts through ties: which rows are given there is free. */
  choices?: readonly Choice[]
}

/** What differs, or undefined when the rows are the same. */
export function compareRows(reference: Expected, actual: RowSet, rules: Comparison): RowsDifference | undefined {
  let expected = reference
  const difference = (found: Partial<RowsDifference>): RowsDifference => ({
    expectedRows: expected.rows.length,
    actualRows: actual.rows.length,
    columns: { expected: names(expected), actual: names(actual) },
    missing: { count: 0, first: [] },
    extra: { count: 0, first: [] },
    wrongOrder: false,
    ...found,
  })
  const order = columnOrder(expected.columns, actual.columns, rules)
  if (!order) return difference({})
  const rows = order.every((from, to) => from === to) ? actual.rows : actual.rows.map(row => order.map(from => row[from]!))
  const matcher = rowMatcher(
    expected.columns.map(column => column.type),
    rules.tolerance,
  )
  expected = { ...reference, rows: settle(reference.rows, reference.choices ?? [], rows, matcher) }
  const ordered = rules.order === 'ordered' || (rules.order === 'auto' && expected.keys !== undefined)
  const misplaced = ordered ? firstMisplaced(expected, rows, matcher) : undefined
  if (ordered && misplaced === undefined) return undefined
  const { missing, extra } = matcher.match(expected.rows, rows)
  const wrongOrder = missing.length === 0 && extra.length === 0
  if (wrongOrder && !ordered) return undefined
  const firstCell = wrongOrder
    ? differingCell(expected, rows, misplaced!, misplaced!, matcher)
    : nearestCell(expected, rows, missing, extra, matcher)
  return difference({
    missing: { count: missing.length, first: missing.slice(0, 10).map(index => shownRow(expected.rows[index]!)) },
    extra: { count: extra.length, first: extra.slice(0, 10).map(index => shownRow(rows[index]!)) },
    wrongOrder,
    ...(firstCell && { firstCell }),
  })
}

/** For each expected column the index of the learner's column that stands for it; undefined when the columns don't fit. */
function columnOrder(expected: readonly Column[], actual: readonly Column[], rules: Comparison): number[] | undefined {
  if (expected.length !== actual.length) return undefined
  const fold = (name: string) => (rules.columnNames === 'ci' ? name.toLowerCase() : name)
  // Without names there is nothing to find a column by: its place is all it has.
  if (rules.columnNames === 'ignore') return [...expected.keys()]
  if (rules.columnOrder === 'exact') {
    return expected.every((column, index) => fold(column.name) === fold(actual[index]!.name)) ? [...expected.keys()] : undefined
  }
  const left = actual.map((column, index) => ({ name: fold(column.name), index }))
  const order: number[] = []
  for (const column of expected) {
    const at = left.findIndex(candidate => candidate.name === fold(column.name))
    if (at === -1) return undefined
    order.push(left.splice(at, 1)[0]!.index)
  }
  return order
}

/** The first place where the order is broken, ties among themselves set aside; undefined when it holds. */
function firstMisplaced(expected: Expected, actual: readonly Row[], matcher: Matcher): number | undefined {
  const count = Math.max(expected.rows.length, actual.length)
  let from = 0
  while (from < count) {
    const to = groupEnd(expected, from)
    const group = expected.rows.slice(from, to)
    const answer = actual.slice(from, to)
    if (group.length !== answer.length || (group.length === 1 && !matcher.same(group[0]!, answer[0]!))) return from
    if (group.length > 1) {
      const { extra } = matcher.match(group, answer)
      if (extra.length > 0) return from + extra[0]!
    }
    from = to
  }
  return undefined
}

/** Where the run of equal sort keys that begins at `from` ends. */
function groupEnd({ rows, keys }: Expected, from: number): number {
  const key = keys?.[from]
  if (!key || key.length === 0) return from + 1
  const form = JSON.stringify(key)
  let to = from + 1
  while (to < rows.length && JSON.stringify(keys[to]) === form) to++
  return to
}

/** The first missing row beside the extra row that is most like it: there the learner sees what is off. */
function nearestCell(expected: Expected, actual: readonly Row[], missing: number[], extra: number[], matcher: Matcher) {
  if (missing.length === 0 || extra.length === 0) return undefined
  const wanted = expected.rows[missing[0]!]!
  const likeness = (index: number) => wanted.filter((cell, column) => matcher.sameCell(cell, actual[index]![column]!, column)).length
  let nearest = extra[0]!
  let most = likeness(nearest)
  for (const index of extra.slice(1, 1000)) {
    const alike = likeness(index)
    if (alike > most) [nearest, most] = [index, alike]
  }
  // Rows with nothing in common are other rows, not the same row with a fault in it.
  if (most === 0 && wanted.length > 1) return undefined
  return differingCell(expected, actual, missing[0]!, nearest, matcher)
}

function differingCell(expected: Expected, actual: readonly Row[], expectedIndex: number, actualIndex: number, matcher: Matcher) {
  const [wanted, got] = [expected.rows[expectedIndex], actual[actualIndex]]
  if (!wanted || !got) return undefined
  const column = wanted.findIndex((cell, index) => !matcher.sameCell(cell, got[index]!, index))
  if (column === -1) return undefined
  return {
    row: actualIndex + 1,
    column: shownName(expected.columns[column]!.name),
    expected: shownCell(wanted[column]!),
    actual: shownCell(got[column]!),
  }
}

function names({ columns }: RowSet): string[] {
  return columns.slice(0, 200).map(column => shownName(column.name))
}
