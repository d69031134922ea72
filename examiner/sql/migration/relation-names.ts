import type { Client } from 'pg'
import { clip } from '../shown.ts'

/** What stands in the catalogue outside PostgreSQL's own, by oid: tables by their name, others with what they are. */
export type RelationNames = ReadonlyMap<string, string>

/** `tell`: what a learner may read of a name. The session's search path holds pg_catalog alone. */
export async function readRelationNames(session: Client, tell: (name: string) => string): Promise<RelationNames> {
  const { rows } = await session.query<[string, string, string, string]>({ name: 'relations', text: RELATIONS, rowMode: 'array' })
  return new Map(rows.map(([oid, kind, space, name]) => [oid, kind + clip(tell(space === 'public' ? name : `${space}.${name}`), 150)]))
}

const RELATIONS = `
  SELECT c.oid::text, CASE c.relkind WHEN 'i' THEN 'index ' WHEN 'I' THEN 'index ' WHEN 'S' THEN 'sequence ' WHEN 'v' THEN 'view '
           WHEN 'm' THEN 'materialized view ' ELSE '' END, n.nspname, c.relname
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' ORDER BY c.oid LIMIT 5000`
