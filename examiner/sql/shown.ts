import type { Cell } from './comparison/cell.ts'
import type { Row } from './comparison/match-rows.ts'

/** Cuts text to what a report may hold, without breaking a character in two; lone surrogates and NUL never pass. */
export function clip(text: string, length: number): string {
  const whole = text.replaceAll('\0', '�').toWellFormed()
  return whole.length <= length ? whole : `${whole.slice(0, length - 1).toWellFormed()}…`
}

export function shownCell(cell: Cell): Cell {
  return cell === null ? null : clip(cell, 500)
}

export function shownRow(row: Row): Cell[] {
  return row.slice(0, 100).map(shownCell)
}

export function shownName(name: string): string {
  return clip(name, 200)
}
