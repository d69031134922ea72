import { escapeLiteral } from 'pg'
import type { Row } from './generate.ts'
import type { TableFacts } from './schema-facts.ts'
import { familyOf, type Values } from './values.ts'

/** One row, as a statement of its own. */
export function insertRow(table: TableFacts, values: Values): string {
  return `${intoTable(table)} ${tuple(table, values)}`
}

/** A data set as an author would write it: one INSERT for each table that has rows, parents first. */
export function insertRows(tables: readonly TableFacts[], rows: readonly Row[]): string {
  const statements = tables.flatMap(table => {
    const own = rows.filter(row => row.table === table.name)
    return own.length === 0 ? [] : [`${intoTable(table)}\n${own.map(({ values }) => `  ${tuple(table, values)}`).join(',\n')};`]
  })
  return statements.join('\n\n')
}

function intoTable(table: TableFacts): string {
  const columns = table.columns.map(column => column.quoted)
  const overriding = table.columns.some(column => column.identity) ? ' OVERRIDING SYSTEM VALUE' : ''
  return `INSERT INTO ${table.name} (${columns.join(', ')})${overriding} VALUES`
}

function tuple(table: TableFacts, values: Values): string {
  const cells = table.columns.map(({ name, type }) => {
    const value = values[name] ?? null
    if (value === null) return 'NULL'
    const family = familyOf(type)
    const bare = family === 'integer' || family === 'decimal' ? /^-?\d+(?:\.\d+)?$/ : family === 'bool' ? /^(?:true|false)$/ : undefined
    return bare?.test(value) ? value : escapeLiteral(value)
  })
  return `(${cells.join(', ')})`
}
