import type { Client } from 'pg'

/** A table as data can be generated for it. */
export type TableFacts = {
  oid: number
  /** As SQL writes it, with its schema where that isn't public. */
  name: string
  columns: ColumnFacts[]
  /** The columns of each primary key, unique constraint and unique index. */
  keys: string[][]
  foreign: { columns: string[]; table: number; referenced: string[] }[]
  /** The texts of CHECK constraints, also those of its columns' domains. */
  checks: string[]
}

export type ColumnFacts = {
  name: string
  /** As SQL writes it. */
  quoted: string
  /** PostgreSQL's own name of the type, such as int4; of a domain, that of the type below it. */
  type: string
  notNull: boolean
  /** GENERATED ALWAYS AS IDENTITY: a value needs OVERRIDING SYSTEM VALUE. */
  identity: boolean
  /** An enum's values. */
  labels: string[]
}

/** Every table, those first that others refer to. Columns that PostgreSQL computes are left out. */
export async function readSchemaFacts(session: Client): Promise<TableFacts[]> {
  const { rows } = await session.query<{ tables: TableFacts[] }>(FACTS)
  return parentsFirst(rows[0]!.tables)
}

function parentsFirst(tables: readonly TableFacts[]): TableFacts[] {
  const sorted: TableFacts[] = []
  const visiting = new Set<number>()
  const visit = (table: TableFacts) => {
    // Tables that refer to each other in a ring have no first one: rows that can't be laid are left out.
    if (visiting.has(table.oid)) return
    visiting.add(table.oid)
    for (const { table: parent } of table.foreign) tables.filter(({ oid }) => oid === parent).forEach(visit)
    sorted.push(table)
  }
  tables.forEach(visit)
  return sorted
}

const names = (numbers: string, of: string) =>
  `(SELECT json_agg(a.attname ORDER BY u.place) FROM unnest(${numbers}) WITH ORDINALITY AS u(attnum, place)
    JOIN pg_attribute a ON a.attrelid = ${of} AND a.attnum = u.attnum)`

const FACTS = `
SELECT coalesce(json_agg(json_build_object(
  'oid', c.oid::bigint,
  'name', CASE n.nspname WHEN 'public' THEN quote_ident(c.relname) ELSE format('%I.%I', n.nspname, c.relname) END,
  'columns', (
    SELECT coalesce(json_agg(json_build_object(
      'name', a.attname, 'quoted', quote_ident(a.attname), 'type', coalesce(b.typname, t.typname), 'notNull', a.attnotnull OR t.typnotnull, 'identity', a.attidentity = 'a',
      'labels', coalesce((SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid IN (t.oid, b.oid)), '[]'))
      ORDER BY a.attnum), '[]')
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_type b ON b.oid = t.typbasetype
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''),
  'keys', (
    SELECT coalesce(json_agg(${names('i.indkey::int2[]', 'c.oid')} ORDER BY NOT i.indisprimary, i.indexrelid), '[]') FROM pg_index i
    WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL),
  'foreign', (
    SELECT coalesce(json_agg(json_build_object('columns', ${names('k.conkey', 'c.oid')}, 'table', k.confrelid::bigint,
      'referenced', ${names('k.confkey', 'k.confrelid')}) ORDER BY k.oid), '[]')
    FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.conparentid = 0),
  'checks', (
    SELECT coalesce(json_agg(pg_get_constraintdef(k.oid) ORDER BY k.oid), '[]') FROM pg_constraint k
    WHERE k.contype = 'c' AND (k.conrelid = c.oid OR k.contypid IN (SELECT a.atttypid FROM pg_attribute a WHERE a.attrelid = c.oid)))
) ORDER BY c.oid), '[]') AS tables
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE (c.relkind = 'p' OR (c.relkind = 'r' AND NOT c.relispartition)) AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'`
