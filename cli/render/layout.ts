import { wrapAnsi } from 'fast-wrap-ansi'
import measure from 'fast-string-truncated-width'
import type picocolors from 'picocolors'

export type Colours = ReturnType<typeof picocolors.createColors>

/**
 * How lines are to be made: for which width, and with which colours (picocolors' no-ops where there are none).
 * `tables` is the width that tables may take where it is another: a file bears longer rows than prose.
 */
export type Style = { width: number; tables?: number; colours: Colours }

export function visibleWidth(text: string): number {
  return measure(text).width
}

/** At most `width` cells, ending in "…" where something was cut away. */
export function truncate(text: string, width: number): string {
  const { index, ellipsed } = measure(text, { limit: width, ellipsis: '…', ellipsisWidth: 1 })
  let kept = text.slice(0, index)
  if (!ellipsed) return kept
  // It cuts one character too late where that is no plain letter, as in "worker’s".
  while (visibleWidth(kept) >= width) kept = kept.replace(/.$/su, '')
  return `${kept}…`
}

/** Lines of at most the style's width; what follows the first is indented by `hang` more. */
export function wrap(text: string, { width }: Pick<Style, 'width'>, indent = '', hang = ''): string[] {
  const room = Math.max(10, width - indent.length - hang.length)
  return text.split('\n').flatMap(line =>
    wrapAnsi(line, room, { hard: true, trim: false })
      .split('\n')
      .map((part, index) => (index === 0 ? `${indent}${part}` : `${indent}${hang}${part.trimStart()}`).trimEnd()),
  )
}

/** `paint` colours a finished cell; it gets the cell's own text too, to choose by. */
export type Column = { title: string; align?: 'left' | 'right'; paint?: (shown: string, cell: string) => string }

/**
 * A table in plain text: columns two spaces apart. Where it is too wide, the widest columns give way first; their cells
 * end in "…", or go on in the next line with `wrapped`. Cells are printed as they are: clean them before.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, tables = width, colours }: Style,
  { indent = '  ', wrapped = false } = {},
): string[] {
  const widths = shrink(naturalWidths(columns, rows), tables - indent.length - GAP.length * (columns.length - 1))
  const line = (cells: readonly string[], paint: (shown: string, at: number) => string) =>
    indent +
    columns
      .map(({ align }, at) => {
        const cell = truncate(cells[at] ?? '', widths[at]!)
        const pad = ' '.repeat(widths[at]! - visibleWidth(cell))
        return align === 'right' ? pad + paint(cell, at) : paint(cell, at) + pad
      })
      .join(GAP)
      .trimEnd()
  const head = line(
    columns.map(column => column.title),
    shown => shown,
  )
  return [
    colours.dim(head),
    ...rows.flatMap(row => {
      const paint = (shown: string, at: number) => columns[at]!.paint?.(shown, row[at] ?? '') ?? shown
      if (!wrapped) return [line(row, paint)]
      const cells = columns.map((_, at) => wrapAnsi(row[at] ?? '', widths[at]!, { hard: true }).split('\n'))
      const height = Math.max(...cells.map(parts => parts.length))
      return Array.from({ length: height }, (_, part) =>
        line(
          cells.map(parts => parts[part] ?? ''),
          paint,
        ),
      )
    }),
  ]
}

/** Whether a table has room without giving anything up. */
export function tableFits(columns: readonly Column[], rows: readonly (readonly string[])[], { width, tables = width }: Style): boolean {
  const sum = naturalWidths(columns, rows).reduce((total, each) => total + each, 0)
  return sum + GAP.length * (columns.length - 1) <= tables
}

function naturalWidths(columns: readonly Column[], rows: readonly (readonly string[])[]): number[] {
  return columns.map((column, at) => Math.max(visibleWidth(column.title), ...rows.map(row => visibleWidth(row[at] ?? ''))))
}

const GAP = '  '

/** Takes from the widest until all fit; no column falls below 4. */
function shrink(wanted: readonly number[], room: number): number[] {
  const widths = [...wanted]
  let over = widths.reduce((sum, width) => sum + width, 0) - room
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths))
    if (widths[widest]! <= 4) break
    widths[widest]! -= 1
    over -= 1
  }
  return widths
}
