import type { Client } from 'pg'
import type { RowSet } from './comparison/compare.ts'
import { RESULT_LIMITS, runStatement, type Killer, type Failure } from './run-statement.ts'

/** The rows of every table, by name without "public.": what a change left behind, or what must survive a migration. */
export type TableState = Map<string, RowSet>

const READ_MS = 30_000

/**
 * Reads all tables through a session of ours, as capped as the learner's own results. Tables only: a view could run code
 * of whoever made it. Columns are sorted by name, since a table that was changed and changed back may have them in
 * another order. Gives the run that couldn't be read when one can't. `except`: tables that are left out.
 */
export async function readTables(
  client: Client,
  killer: Killer,
  except: ReadonlySet<string> = new Set(),
): Promise<TableState | { fault: Failure; table?: string }> {
  const tables = await runStatement(client, TABLES, { timeMs: READ_MS, ...RESULT_LIMITS }, killer)
  if (tables.type !== 'rows') return { fault: tables }
  const state: TableState = new Map()
  for (const [shown, text, columns] of tables.rows) {
    if (except.has(shown!)) continue
    const result = await runStatement(client, `SELECT ${columns ?? ''} FROM ${text}`, { timeMs: READ_MS, ...RESULT_LIMITS }, killer)
    if (result.type !== 'rows') return { fault: result, table: shown! }
    state.set(shown!, { columns: result.columns, rows: result.rows })
  }
  return state
}

/** The tables with more rows than can be read whole, by name; of an exercise's own, before any learner's text is near. */
export async function largeTables(client: Client): Promise<ReadonlySet<string>> {
  const { rows: tables } = await client.query<[string, string]>({ text: LARGER, rowMode: 'array' })
  const large = new Set<string>()
  for (const [shown, text] of tables) {
    const { rowCount } = await client.query(`SELECT FROM ${text} OFFSET ${RESULT_LIMITS.rows} LIMIT 1`)
    if (rowCount) large.add(shown)
  }
  return large
}

const SHOWN = `CASE n.nspname WHEN 'public' THEN c.relname ELSE pg_catalog.concat(n.nspname, '.', c.relname) END`

/** As many rows as are read at most take up 2.8 MB when they are empty. */
const LARGER = `
  SELECT ${SHOWN}, pg_catalog.format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND pg_catalog.pg_relation_size(c.oid) > 2500000`

const TABLES = `
  SELECT ${SHOWN},
         pg_catalog.format('%I.%I', n.nspname, c.relname),
         pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attname)
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  WHERE (c.relkind = 'p' OR (c.relkind = 'r' AND NOT c.relispartition))
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  GROUP BY n.nspname, c.relname ORDER BY 1`
