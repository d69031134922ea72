import type { Client } from 'pg'
import { runAfter } from '../run-statement.ts'
import type { PreparedMigration } from './prepare-migration.ts'

/**
 * Functions, operators, casts and types in the learner's database that a test's own SQL could call without meaning to:
 * PostgreSQL takes `public.lower(varchar)` before its own `lower(text)` where the types fit better, and reads
 * `lower(email)` as a cast where there is a type of that name. None of them is called here.
 */
export async function findShadows(session: Client, { killer, wanted, old }: PreparedMigration): Promise<string[]> {
  const limits = { timeMs: 5_000, rows: 1_000, bytes: 1_000_000 }
  const run = await runAfter(session, 'SET search_path = pg_catalog', SHADOWS, limits, killer)
  if (run.type !== 'rows') return ['more functions than can be listed']
  await session.query('RESET search_path')
  // What the exercise itself has of the kind is known to whoever wrote its tests.
  const own = new Set([...wanted, ...old].map(({ object }) => object))
  return run.rows.map(([name]) => name!).filter(name => !own.has(name))
}

const SHADOWS = `
  SELECT 'function ' || p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')'
  FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND EXISTS (SELECT FROM pg_proc o WHERE o.pronamespace = 'pg_catalog'::regnamespace AND o.proname = p.proname)
  UNION ALL
  SELECT CASE t.typtype WHEN 'd' THEN 'domain ' ELSE 'type ' END || t.typname
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND (t.typtype IN ('e', 'd', 'r') OR c.relkind = 'c')
    AND t.typname IN (SELECT proname FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace)
  UNION ALL
  SELECT 'operator ' || o.oprname FROM pg_operator o JOIN pg_namespace n ON n.oid = o.oprnamespace WHERE n.nspname <> 'pg_catalog'
  UNION ALL
  SELECT concat('cast from ', format_type(k.castsource, NULL), ' to ', format_type(k.casttarget, NULL)) FROM pg_cast k WHERE k.oid >= 16384
  ORDER BY 1`
