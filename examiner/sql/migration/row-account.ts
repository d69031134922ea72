import type { Cell } from '../comparison/cell.ts'
import { clip } from '../shown.ts'
import { readBucketRows, readBuckets, readShapes, type Buckets, type Side, type TableShape } from './table-digest.ts'

export type KeptOptions = {
  /**
   * What the exercise lets go or change: a column ("orders.status") or a whole table ("orders").
   */
  except?: readonly string[]
  /** Tables that may hold more rows than before. */
  added?: readonly string[]
}

/** Rows that are read at a time to tell what differs. Once something is told, what is left is counted as "at least". */
const MOST_READ = 40_000
const MOST_LINES = 12

/**
 * What is otherwise in `after` than in `before`, a line each: tables, columns and rows that vanished, values that changed, rows
 * that came. A column that is new is no difference. Rows are known again by their primary key; where there is none (or it is
 * gone) by all of their values, so that one that changed has vanished and another came.
 */
export async function rowAccount(before: Side, after: Side, { except = [], added = [] }: KeptOptions = {}): Promise<string[]> {
  const [was, is] = await Promise.all([readShapes(before), readShapes(after)])
  const lines: string[] = []
  for (const [table, shape] of was) {
    if (except.includes(table)) continue
    const now = is.get(table)
    if (!now) {
      lines.push(`table ${table} vanished`)
      continue
    }
    const compared = shape.columns.filter(column => !except.includes(`${table}.${column}`))
    lines.push(...compared.filter(column => !now.columns.includes(column)).map(column => `column ${table}.${column} vanished`))
    const columns = compared.filter(column => now.columns.includes(column))
    lines.push(
      ...(await tableAccount(before, after, withKey(shape, columns), withKey({ ...now, key: shape.key }, columns), columns, added)),
    )
  }
  return lines.length > MOST_LINES ? [...lines.slice(0, MOST_LINES), `and ${lines.length - MOST_LINES} more`] : lines
}

/** A key with a column that can't be compared tells no rows apart. */
function withKey(shape: TableShape, columns: readonly string[]): TableShape {
  return shape.key.every(name => columns.includes(name)) ? shape : { ...shape, key: columns }
}

async function tableAccount(
  before: Side,
  after: Side,
  was: TableShape,
  is: TableShape,
  columns: readonly string[],
  added: readonly string[],
): Promise<string[]> {
  const [old, fresh] = await Promise.all([readBuckets(before, was, columns), readBuckets(after, is, columns)])
  const differing = [...new Set([...old.keys(), ...fresh.keys()])].filter(bucket => !isSame(old.get(bucket), fresh.get(bucket)))
  let left = differing
  while (left.length > 0) {
    const looked = asManyAsFit(left, old, fresh)
    left = left.slice(looked.length)
    const [oldRows, newRows] = await Promise.all([readBucketRows(before, was, columns, looked), readBucketRows(after, is, columns, looked)])
    const atLeast = left.length > 0 ? 'at least ' : ''
    const lines = told(was, columns, byKey(oldRows, was.key.length), byKey(newRows, was.key.length), atLeast, added.includes(was.table))
    // Where rows may come, a bucket can differ by those alone.
    if (lines.length > 0) return lines
  }
  return []
}

function told(
  { table, key }: TableShape,
  columns: readonly string[],
  old: ReadonlyMap<string, Cell[][]>,
  fresh: ReadonlyMap<string, Cell[][]>,
  atLeast: string,
  mayAdd: boolean,
): string[] {
  const gone: Cell[][] = []
  const came: Cell[][] = []
  const changed = new Map<string, { count: number; key: string; from: Cell; to: Cell }>()
  for (const [id, rows] of old) {
    const now = fresh.get(id) ?? []
    gone.push(...rows.slice(now.length))
    const [one] = rows
    const [other] = now
    if (!other) continue
    for (const [at, column] of columns.entries()) {
      const [from, to] = [one![key.length + at]!, other[key.length + at]!]
      if (from === to) continue
      const seen = changed.get(column) ?? { count: 0, key: keyWords(key, one!), from, to }
      changed.set(column, { ...seen, count: seen.count + 1 })
    }
  }
  for (const [id, rows] of fresh) came.push(...rows.slice(old.get(id)?.length ?? 0))
  const lines: string[] = []
  if (gone.length > 0) lines.push(`${table}: ${atLeast}${rowsOf(gone.length)} vanished, the first with ${keyWords(key, gone[0]!)}`)
  for (const [column, { count, key: where, from, to }] of changed) {
    lines.push(`${table}.${column} changed in ${atLeast}${rowsOf(count)}; with ${where} it was ${shown(from)} and is ${shown(to)}`)
  }
  if (came.length > 0 && !mayAdd) lines.push(`${table}: ${atLeast}${rowsOf(came.length)} came, the first with ${keyWords(key, came[0]!)}`)
  return lines
}

function byKey(rows: readonly Cell[][], length: number): Map<string, Cell[][]> {
  return Map.groupBy(rows, row => JSON.stringify(row.slice(0, length)))
}

function isSame(one: { rows: number; sum: string } | undefined, other: { rows: number; sum: string } | undefined): boolean {
  return one?.rows === other?.rows && one?.sum === other?.sum
}

/** One bucket at least. */
function asManyAsFit(buckets: readonly number[], old: Buckets, fresh: Buckets): number[] {
  const taken: number[] = []
  let rows = 0
  for (const bucket of buckets) {
    rows += Math.max(old.get(bucket)?.rows ?? 0, fresh.get(bucket)?.rows ?? 0)
    if (taken.length > 0 && rows > MOST_READ) break
    taken.push(bucket)
  }
  return taken
}

function keyWords(key: readonly string[], row: readonly Cell[]): string {
  return key
    .slice(0, 4)
    .map((name, at) => `${clip(name, 60)} ${shown(row[at] ?? null)}`)
    .join(', ')
}

function shown(cell: Cell): string {
  return cell === null ? 'NULL' : clip(cell, 100)
}

function rowsOf(count: number): string {
  return `${count} ${count === 1 ? 'row' : 'rows'}`
}
