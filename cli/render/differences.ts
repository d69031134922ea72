import type { RowsDifference, SchemaChange } from '../../core/report.ts'
import { cleanLine } from './clean.ts'
import { table, wrap, type Style } from './layout.ts'
import { count } from './quantities.ts'

/** How a query's rows (or the rows of a table that a statement changed) differ from the wanted ones. */
export function rowsDifferenceLines(difference: RowsDifference, style: Style, indent: string): string[] {
  const { expectedRows, actualRows, columns, missing, extra, wrongOrder, firstCell } = difference
  const lines: string[] = []
  const say = (text: string) => lines.push(...wrap(text, style, indent, '  '))
  if (difference.table !== undefined) say(`Table ${cleanLine(difference.table)} is not as it should be.`)
  say(
    expectedRows === actualRows
      ? `${count(actualRows, 'row')}, as many as wanted.`
      : `Wanted ${count(expectedRows, 'row')}, got ${count(actualRows, 'row')}.`,
  )
  if (wrongOrder) say('The right rows, in the wrong order.')
  const wanted = columns.expected.map(cleanLine).join(', ')
  const got = columns.actual.map(cleanLine).join(', ')
  if (wanted !== got) {
    say(`Columns wanted: ${wanted}`)
    say(`Columns got:    ${got || 'none'}`)
  }
  lines.push(...rowsTable('Missing', columns.expected, missing, style, indent))
  lines.push(...rowsTable('Extra', columns.actual, extra, style, indent))
  if (firstCell) {
    say(
      `First difference: row ${firstCell.row}, column ${cleanLine(firstCell.column)}: wanted ${cell(firstCell.expected)}, got ${cell(firstCell.actual)}.`,
    )
  }
  return lines
}

/** NULL as a word; a text of no or only blank characters in quotes, so that it can be told from nothing. */
function cell(value: string | null): string {
  if (value === null) return 'NULL'
  return value.trim() === '' || value === 'NULL' ? `'${cleanLine(value)}'` : cleanLine(value)
}

function rowsTable(
  title: string,
  columns: readonly string[],
  { count: total, first }: RowsDifference['missing'],
  style: Style,
  indent: string,
): string[] {
  if (total === 0) return []
  const head = `${indent}${title}: ${count(total, 'row')}${first.length > 0 && first.length < total ? `, the first ${first.length}` : ''}`
  if (first.length === 0) return [head]
  const width = Math.max(columns.length, ...first.map(row => row.length))
  const titles = Array.from({ length: width }, (_, at) => ({ title: cleanLine(columns[at] ?? `column ${at + 1}`) }))
  return [
    head,
    ...table(
      titles,
      first.map(row => row.map(cell)),
      style,
      { indent: `${indent}  ` },
    ),
  ]
}

const CHANGE_MARKS = { missing: '–', extra: '+', different: '≠' } as const

/** A schema difference as a table: what is missing (–), extra (+), or otherwise than wanted (≠). */
export function schemaDifferenceLines(changes: readonly SchemaChange[], style: Style, indent: string): string[] {
  const { colours } = style
  if (changes.length === 0) return []
  return table(
    [
      { title: '', paint: (shown, mark) => (mark === CHANGE_MARKS.extra ? colours.yellow(shown) : colours.red(shown)) },
      { title: 'Object' },
      { title: 'Wanted' },
      { title: 'Found' },
    ],
    changes.map(({ change, object, expected, actual }) => [
      CHANGE_MARKS[change],
      cleanLine(object),
      cleanLine(expected ?? (change === 'extra' ? 'nothing' : '')),
      cleanLine(actual ?? (change === 'missing' ? 'nothing' : '')),
    ]),
    style,
    { indent, wrapped: true },
  )
}
