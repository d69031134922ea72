import type { Draw } from '../../../authoring/draw.ts'
import type { Constants } from './constants.ts'
import type { ColumnFacts, TableFacts } from './schema-facts.ts'

/** A cell as PostgreSQL reads it from text. */
export type Value = string | null
export type Values = Record<string, Value>

/** Values for each column that are worth a try, the plainest first; by table and column. */
export type Pools = Map<string, Map<string, string[]>>

/** Rows of the exercise's own data sets, by table. */
export type KnownRows = Map<string, Values[]>

const MOST = 60

export function poolsOf(tables: readonly TableFacts[], constants: Constants, known: KnownRows): Pools {
  return new Map(
    tables.map(table => [table.name, new Map(table.columns.map(column => [column.name, poolOf(table, column, constants, known)]))]),
  )
}

function poolOf(table: TableFacts, column: ColumnFacts, constants: Constants, known: KnownRows): string[] {
  if (column.labels.length > 0) return column.labels
  const seen = (known.get(table.name) ?? []).flatMap(row => row[column.name] ?? [])
  const beside = [...(constants.beside.get(column.name) ?? [])]
  const others = [...constants.all]
  const family = familyOf(column.type)
  const values = family ? VALUES[family](beside, others) : []
  // What stands beside the column in a condition comes first, then what its author found fit to put there.
  return [...new Set([...values.slice(0, 20), ...seen.slice(0, 20), ...values.slice(20), ...seen.slice(20)])].slice(0, MOST)
}

type Family = keyof typeof VALUES

export function familyOf(type: string): Family | undefined {
  if (/^int[248]$/.test(type)) return 'integer'
  if (/^(?:numeric|float[48])$/.test(type)) return 'decimal'
  if (/^(?:text|varchar|bpchar|citext)$/.test(type)) return 'text'
  if (type === 'bool' || type === 'date' || type === 'uuid' || type === 'interval' || type === 'time') return type
  if (type === 'timestamp' || type === 'timestamptz') return 'moment'
  if (type === 'json' || type === 'jsonb') return 'json'
  return undefined
}

const VALUES = {
  integer: (beside: string[], others: string[]) =>
    [...around(beside, 1), '1', '2', '0', '3', ...around(others, 1), '10', '-1'].filter(isInteger),
  decimal: (beside: string[], others: string[]) => [...around(beside, 0.01), '1', '2', '0', '2.5', ...around(others, 0.01), '10', '-1'],
  text: (beside: string[], others: string[]) => [
    ...beside.filter(isWord),
    'a',
    'b',
    'B',
    ...others.filter(isWord),
    ...beside.filter(isWord).map(swapCase),
    '',
  ],
  bool: () => ['true', 'false'],
  date: (beside: string[], others: string[]) => days([...beside, ...others]),
  moment: (beside: string[], others: string[]) => days([...beside, ...others]).flatMap(day => [day, `${day} 12:00`, `${day} 23:59:59`]),
  time: () => ['00:00', '09:00', '12:00', '23:59:59'],
  interval: () => ['1 day', '1 hour', '0'],
  uuid: () => [1, 2, 3, 4].map(digit => `00000000-0000-4000-8000-00000000000${digit}`),
  json: () => ['{}', '[]', '{"a": 1}'],
}

function around(texts: readonly string[], step: number): string[] {
  return texts.filter(isNumber).flatMap(text => {
    const value = Number(text)
    return [value, value - step, value + step].map(each => String(Math.round(each * 1e6) / 1e6))
  })
}

const DAY_MS = 24 * 60 * 60 * 1000
/** Around the end of a month, where no constant says which days matter. */
const SOME_DAYS = ['2027-01-31', '2027-02-28']

function days(texts: readonly string[]): string[] {
  const named = texts.flatMap(text => /^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? []).filter(day => !Number.isNaN(Date.parse(day)))
  const from = named.length > 0 ? named : SOME_DAYS
  const shifted = (by: number) => from.map(day => new Date(Date.parse(day) + by * DAY_MS).toISOString().slice(0, 10))
  return [...new Set([0, -1, 1, 2].flatMap(shifted))]
}

function isNumber(text: string): boolean {
  return /^-?\d{1,12}(?:\.\d{1,9})?$/.test(text)
}

function isInteger(text: string): boolean {
  return /^-?\d{1,9}$/.test(text)
}

/** Not a number or a date, which mean something in other columns. */
function isWord(text: string): boolean {
  return !isNumber(text) && !/^\d{4}-\d{2}-\d{2}/.test(text) && text.length <= 100
}

function swapCase(text: string): string {
  return text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase()
}

/** A key that no other row of the data set has; small whole numbers where the type takes them. */
export function keyValue(column: ColumnFacts, pool: readonly string[], nth: number, draw: Draw): string {
  switch (familyOf(column.type)) {
    case 'integer':
    case 'decimal':
      return String(nth)
    case 'text':
      return draw.boolean(0.5) && pool.length > 0 ? draw.pick(pool) : `k${nth}`
    case 'uuid':
      return draw.uuid()
    default:
      return pool.length > 0 ? draw.pick(pool) : String(nth)
  }
}
