import type { RowsDifference } from '../../../core/report.ts'
import type { Cell } from './cell.ts'

/** What differs, in one sentence or two: counts first, then order, then the first cell. */
export function differenceSentence(difference: RowsDifference): string {
  const { columns, expectedRows, actualRows, missing, extra, wrongOrder, firstCell, table } = difference
  const where = table ? `Table ${table}: ` : ''
  if (missing.count === 0 && extra.count === 0 && !wrongOrder) {
    return `${where}expected the columns ${list(columns.expected)}; got ${list(columns.actual)}.`
  }
  const cell = firstCell
    ? ` Row ${firstCell.row}, column ${firstCell.column}: expected ${shown(firstCell.expected)}, got ${shown(firstCell.actual)}.`
    : ''
  if (wrongOrder) return `${where}the rows are right, but in the wrong order.${cell}`
  const counts = expectedRows === actualRows ? `${rows(expectedRows)} as expected` : `expected ${rows(expectedRows)}, got ${actualRows}`
  const off = [missing.count > 0 && `${missing.count} missing`, extra.count > 0 && `${extra.count} that should not be there`]
  return `${where}${counts}: ${off.filter(Boolean).join(', ')}.${cell}`
}

function rows(count: number): string {
  return count === 1 ? '1 row' : `${count} rows`
}

function list(names: readonly string[]): string {
  if (names.length === 0) return 'none'
  const shownNames = names.slice(0, 20).join(', ')
  return names.length > 20 ? `${shownNames} and ${names.length - 20} more` : shownNames
}

function shown(cell: Cell): string {
  if (cell === null) return 'NULL'
  return JSON.stringify(cell.length > 200 ? `${cell.slice(0, 199).toWellFormed()}…` : cell)
}
