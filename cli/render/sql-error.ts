import type { SqlError } from '../../core/report.ts'
import { cleanLine, cleanText } from './clean.ts'
import { truncate, visibleWidth, wrap, type Style } from './layout.ts'

const LINES_BEFORE = 2
const LINES_AFTER = 1

/** An SQL error: the server's words, then the lines of the statement around it with a caret below the place. */
export function sqlErrorLines(error: SqlError, style: Style): string[] {
  const { colours } = style
  const where = error.file
    ? ` in ${cleanLine(error.file)}${error.statementNumber === undefined ? '' : `, statement ${error.statementNumber}`}`
    : ''
  return [
    ...wrap(`${colours.bold(`SQL error ${cleanLine(error.code)}`)}${where}: ${cleanText(error.message)}`, style, '  ', '  '),
    ...(error.plain ? wrap(cleanText(error.plain), style, '  ', '  ') : []),
    ...(error.detail ? wrap(`Detail: ${cleanText(error.detail)}`, style, '  ', '  ') : []),
    ...(error.hint ? wrap(`Hint: ${cleanText(error.hint)}`, style, '  ', '  ') : []),
    ...excerpt(error, style),
  ]
}

function excerpt({ statement, position }: SqlError, { width, colours }: Style): string[] {
  const lines = statement.trimEnd().split(/\r?\n/)
  const place = position === undefined ? undefined : placeOf(lines, statement, position)
  const from = Math.max(0, (place?.line ?? 0) - LINES_BEFORE)
  const to = Math.min(lines.length, (place ? place.line + 1 : LINES_BEFORE + 1) + LINES_AFTER)
  const digits = String(to).length
  const room = Math.max(20, width - digits - 7)
  return lines.slice(from, to).flatMap((line, offset) => {
    const number = from + offset
    const gutter = `  ${String(number + 1).padStart(digits)} │ `
    if (number !== place?.line) return [colours.dim(gutter) + truncate(cleanLine(line), room)]
    // Cleaned apart, so that the caret stands below the same character whatever was taken away before it.
    const before = cleanLine(line.slice(0, place.column))
    const after = cleanLine(line.slice(place.column))
    const shift = visibleWidth(before) > room - 10 ? `…${lastCells(before, Math.floor(room / 2))}` : before
    const caret = `${' '.repeat(gutter.length - 2)}│ ${' '.repeat(visibleWidth(shift))}`
    return [colours.dim(gutter) + truncate(shift + after, room), colours.dim(caret) + colours.red('^')]
  })
}

/** PostgreSQL counts characters, not UTF-16 units, from 1; a place behind the end is the end. */
function placeOf(lines: readonly string[], statement: string, position: number): { line: number; column: number } {
  const before = Array.from(statement)
    .slice(0, Math.max(0, position - 1))
    .join('')
    .split(/\r?\n/)
  const line = Math.min(before.length, lines.length) - 1
  return { line, column: before[line]!.length }
}

function lastCells(text: string, width: number): string {
  const characters = Array.from(text)
  let from = characters.length
  for (let used = 0; from > 0; from -= 1) {
    used += visibleWidth(characters[from - 1]!)
    if (used > width) break
  }
  return characters.slice(from).join('')
}
