import { escapeIdentifier, type Client } from 'pg'
import type { Cell } from '../comparison/cell.ts'
import { RESULT_LIMITS, runStatement, type Failure, type Killer } from '../run-statement.ts'

/*
 * Tables of any size, compared without reading them whole: each row falls into one of 1,024 buckets by its key, and the server
 * adds up a hash of the rows of each bucket. Where two sums differ, the rows of those buckets are read. The hash is PostgreSQL's
 * own over the values as they are printed, with the grading's seed; nothing of the learner's is called, since values are
 * printed by their types and the session's search path holds pg_catalog alone.
 */
export type TableShape = { table: string; text: string; columns: readonly string[]; key: readonly string[] }
export type Buckets = ReadonlyMap<number, { rows: number; sum: string }>
export type Side = { client: Client; killer: Killer; seed: number }

/** A look that failed on a database that the learner's text has changed. */
export class Unreadable extends Error {
  readonly table: string
  readonly failure: Failure

  constructor(table: string, failure: Failure) {
    super(`Table ${table} could not be read`)
    this.table = table
    this.failure = failure
  }
}

const READ_MS = 30_000

/** All tables with their columns and what tells their rows apart: the primary key, or else the whole row. */
export async function readShapes({ client, killer }: Side): Promise<Map<string, TableShape>> {
  const run = await runStatement(client, SHAPES, { timeMs: READ_MS, ...RESULT_LIMITS }, killer)
  if (run.type !== 'rows') throw new Unreadable('', run)
  const shapes = run.rows.map(([table, text, columns, key]): TableShape => {
    const names = JSON.parse(columns ?? '[]') as string[]
    return { table: table!, text: text!, columns: names, key: key ? (JSON.parse(key) as string[]) : names }
  })
  return new Map(shapes.map(shape => [shape.table, shape]))
}

/** What the columns named hold, bucket by bucket. */
export async function readBuckets(side: Side, { table, text, key }: TableShape, columns: readonly string[]): Promise<Buckets> {
  const sql = `SELECT ${bucketOf(key, side.seed)} AS bucket, count(*),
    sum(hashtextextended(${printed([...key, ...columns])}, ${side.seed})) FROM ${text} GROUP BY 1`
  const rows = await read(side, table, sql)
  return new Map(rows.map(([bucket, count, sum]) => [Number(bucket), { rows: Number(count), sum: sum! }]))
}

/** The rows of some buckets: key, then the columns named. */
export async function readBucketRows(
  side: Side,
  { table, text, key }: TableShape,
  columns: readonly string[],
  buckets: readonly number[],
): Promise<Cell[][]> {
  const names = [...key, ...columns].map(name => escapeIdentifier(name)).join(', ')
  return read(side, table, `SELECT ${names} FROM ${text} WHERE ${bucketOf(key, side.seed)} IN (${buckets.join(', ')})`)
}

async function read({ client, killer }: Side, table: string, sql: string): Promise<Cell[][]> {
  const run = await runStatement(client, sql, { timeMs: READ_MS, ...RESULT_LIMITS }, killer)
  if (run.type !== 'rows') throw new Unreadable(table, run)
  return run.rows
}

function bucketOf(key: readonly string[], seed: number): string {
  return `(hashtextextended(${printed(key)}, ${seed}) & 1023)`
}

/** concat prints a value as its type does; a cast could be the learner's. */
function printed(columns: readonly string[]): string {
  if (columns.length === 0) return `''`
  const each = columns.map(name => escapeIdentifier(name)).map(name => `CASE WHEN ${name} IS NULL THEN 'N' ELSE concat('=', ${name}) END`)
  return each.length === 1 ? each[0]! : `concat_ws('|', ${each.join(', ')})`
}

const SHAPES = `
  SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE concat(n.nspname, '.', c.relname) END, format('%I.%I', n.nspname, c.relname),
         (SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped)::text,
         (SELECT json_agg(a.attname ORDER BY a.attname) FROM pg_constraint k JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY(k.conkey)
          WHERE k.conrelid = c.oid AND k.contype = 'p')::text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE (c.relkind = 'p' OR (c.relkind = 'r' AND NOT c.relispartition)) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  ORDER BY 1`
