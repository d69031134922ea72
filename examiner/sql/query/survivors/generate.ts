import type { Draw } from '../../../authoring/draw.ts'
import type { ColumnFacts, TableFacts } from './schema-facts.ts'
import { familyOf, keyValue, type KnownRows, type Pools, type Value, type Values } from './values.ts'

/*
 * Data sets that are small and awkward: few different values, so that rows tie, repeat and meet at the boundaries; empty
 * tables; rows without partners; NULLs wherever they may stand. Keys and foreign keys are kept here; CHECK constraints
 * by trying: each row comes in some variants, of which PostgreSQL takes the first that it allows (laboratory.ts).
 */
export type Row = { table: string; values: Values }
/** The same row several times, the same in keys and references. */
export type DrawnRow = { table: string; variants: Values[] }

const VARIANTS = 4
/** How many rows a table gets: mostly few, sometimes none. */
const SIZES = [0, 1, 1, 2, 2, 3, 3, 4, 5, 6, 8]

/** What does not change from one data set to the next. */
export type Ground = {
  tables: readonly TableFacts[]
  pools: Pools
  known: KnownRows
  /** Rows that are there already; a table that has some gets no others. */
  standing: KnownRows
}

export function generateRows({ tables, pools, known, standing }: Ground, draw: Draw): DrawnRow[] {
  const there = [...standing].flatMap(([table, list]) => list.map(values => ({ table, variants: [values] })))
  const rows: DrawnRow[] = []
  const mood = moodOf(draw)
  for (const table of tables) {
    if (standing.has(table.name)) continue
    const drawn = tableRows(table, pools.get(table.name)!, known.get(table.name) ?? [], [...there, ...rows], tables, mood, draw)
    rows.push(...drawn)
  }
  return rows
}

/** What one data set is like throughout. */
type Mood = { nulls: number; copies: number; familiar: number; few: Map<string, string[]> }

function moodOf(draw: Draw): Mood {
  return {
    nulls: draw.pick([0, 0.15, 0.3, 0.6]),
    copies: draw.pick([0, 0.2, 0.5]),
    familiar: draw.pick([0, 0.4, 0.8]),
    few: new Map(),
  }
}

function tableRows(
  table: TableFacts,
  pools: ReadonlyMap<string, string[]>,
  known: readonly Values[],
  earlier: readonly DrawnRow[],
  tables: readonly TableFacts[],
  mood: Mood,
  draw: Draw,
): DrawnRow[] {
  const rows: DrawnRow[] = []
  const taken = table.keys.map(() => new Set<string>())
  const inKey = new Set(table.keys.flat())
  const size = draw.pick(SIZES) + (table.foreign.length > 0 ? draw.integer(0, 3) : 0)
  for (let nth = 1; nth <= size; nth++) {
    const fixed: Values = {}
    for (const { columns, table: parent, referenced } of table.foreign) {
      const name = tables.find(({ oid }) => oid === parent)?.name
      const row = pickRow(
        [...earlier, ...rows].filter(each => each.table === name),
        draw,
      )
      const nullable = columns.every(column => !table.columns.find(each => each.name === column)!.notNull)
      const none = !row || (nullable && draw.boolean(mood.nulls))
      columns.forEach((column, index) => (fixed[column] = none ? null : (row[referenced[index]!] ?? null)))
    }
    for (const column of table.columns)
      if (inKey.has(column.name) && !(column.name in fixed) && (column.notNull || !draw.boolean(mood.nulls)))
        fixed[column.name] = keyValue(column, pools.get(column.name)!, nth, draw)
    const variants = Array.from({ length: VARIANTS }, () => variant(table, fixed, rows, known, pools, mood, draw))
    if (isTaken(table.keys, taken, variants[0]!)) continue
    rows.push({ table: table.name, variants })
  }
  return rows
}

function pickRow(rows: readonly DrawnRow[], draw: Draw): Values | undefined {
  return rows.length > 0 ? draw.pick(rows).variants[0] : undefined
}

/** All cells of a row: a copy of an earlier one, a row of the author's with a cell or two changed, or drawn one by one. */
function variant(
  table: TableFacts,
  fixed: Values,
  rows: readonly DrawnRow[],
  known: readonly Values[],
  pools: ReadonlyMap<string, string[]>,
  mood: Mood,
  draw: Draw,
): Values {
  const copied = rows.length > 0 && draw.boolean(mood.copies) ? draw.pick(rows).variants[0]! : undefined
  const model = copied ?? (known.length > 0 && draw.boolean(mood.familiar) ? draw.pick(known) : undefined)
  const values: Values = { ...fixed }
  for (const column of table.columns) {
    if (column.name in fixed) continue
    const kept = model && column.name in model && draw.boolean(0.8)
    values[column.name] = kept ? model[column.name]! : cell(column, pools.get(column.name)!, mood, draw)
  }
  return values
}

function cell(column: ColumnFacts, pool: readonly string[], mood: Mood, draw: Draw): Value {
  if (!column.notNull && (pool.length === 0 || draw.boolean(mood.nulls))) return null
  if (pool.length === 0) return ''
  // A few values for the whole data set, the same for columns of one kind: so they tie, and dates meet dates.
  const family = familyOf(column.type)
  const shared = family === 'text' || family === undefined ? column.name : family
  let few = mood.few.get(shared)
  if (!few) mood.few.set(shared, (few = draw.sample(pool, Math.min(pool.length, draw.integer(2, 5)))))
  const fitting = few.filter(value => pool.includes(value))
  return draw.boolean(0.7) && fitting.length > 0 ? draw.pick(fitting) : draw.pick(pool)
}

function isTaken(keys: readonly string[][], taken: readonly Set<string>[], values: Values): boolean {
  const forms = keys.map(columns => columns.map(column => values[column]))
  const whole = forms.map(form => (form.includes(null) ? undefined : JSON.stringify(form)))
  if (whole.some((form, index) => form !== undefined && taken[index]!.has(form))) return true
  whole.forEach((form, index) => form !== undefined && taken[index]!.add(form))
  return false
}
