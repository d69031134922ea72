import { wrapAnsi } from 'fast-wrap-ansi'
import measure from 'fast-string-truncated-width'
import type picocolors from 'picocolors'

export type Colours = ReturnType<typeof picocolors.createColors>

/** How lines are to be made: for which width, and with which colours (picocolors' no-ops where there are none). */
export type Style = { width: number; colours: Colours }

export function visibleWidth(text: string): number {
  return measure(text).width
}

/** At most `width` cells, ending in "…" where something was cut away. */
export function truncate(text: string, width: number): string {
  const { index, ellipsed } = measure(text, { limit: width, ellipsis: '…', ellipsisWidth: 1 })
  return ellipsed ? `${text.slice(0, index)}…` : text.slice(0, index)
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
 * A table in plain text: columns two spaces apart. Where it is too wide, the widest columns give way first and their
 * cells end in "…". Cells are printed as they are: clean them before.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  { width, colours }: Style,
  indent = '  ',
): string[] {
  const gap = 2
  const wanted = columns.map((column, at) => Math.max(visibleWidth(column.title), ...rows.map(row => visibleWidth(row[at] ?? ''))))
  const widths = shrink(wanted, width - indent.length - gap * (columns.length - 1))
  const line = (cells: readonly string[], painted: boolean) =>
    (
      indent +
      columns
        .map(({ align, paint }, at) => {
          const cell = cells[at] ?? ''
          const cut = truncate(cell, widths[at]!)
          const pad = ' '.repeat(Math.max(0, widths[at]! - visibleWidth(cut)))
          const shown = painted && paint ? paint(cut, cell) : cut
          return align === 'right' ? pad + shown : shown + pad
        })
        .join(' '.repeat(gap))
    ).trimEnd()
  const head = line(
    columns.map(column => column.title),
    false,
  )
  return [colours.dim(head), ...rows.map(row => line(row, true))]
}

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
