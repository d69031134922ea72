import { escapeLiteral, type Client } from 'pg'
import { answers } from './server.ts'

/** `shown`: its name without "public."; `name`: as SQL takes it. */
export type ShuffledTable = { shown: string; name: string; columns: string }

/** The tables to shuffle, with the columns that hold values of their own. The same for every copy of a database. */
export async function shuffledTables(client: Client): Promise<ShuffledTable[]> {
  const { rows } = await client.query<ShuffledTable>(
    `SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE concat(n.nspname, '.', c.relname) END AS shown,
            format('%I.%I', n.nspname, c.relname) AS name, string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
     WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
     GROUP BY n.nspname, c.relname ORDER BY 2`,
  )
  return rows
}

/**
 * Writes the rows of every table anew, in an order drawn from the seed: what comes back without ORDER BY is in no order
 * that a learner could count on. Keys, identities, generated columns and sequences keep their values, and no trigger
 * runs: as replica, constraints that look at other tables are not asked either, and all rows are the same as before.
 */
export async function shuffleTables(client: Client, tables: readonly ShuffledTable[], seed: number): Promise<void> {
  if (tables.length === 0) return
  await answers<unknown>([rewriteTables(client, tables, seed), vacuum(client, tables)])
}

/** The same without the vacuum, which takes longest: for tables that were shuffled before. */
export async function rewriteTables(client: Client, tables: readonly ShuffledTable[], seed: number): Promise<unknown> {
  // All rows are gone, in this statement's own eyes, before the first is written again: sorting takes them all.
  const rewrites = tables.map(
    ({ name, columns }) => `
      WITH gone AS (
        DELETE FROM ONLY ${name} AS source RETURNING ${columns}, md5(${escapeLiteral(`${seed}:${name}:`)} || source.ctid::text) AS assay_place
      ) INSERT INTO ${name} (${columns}) OVERRIDING SYSTEM VALUE SELECT ${columns} FROM gone ORDER BY assay_place;`,
  )
  return client.query(`BEGIN; SET LOCAL session_replication_role = replica; ${rewrites.join('')} COMMIT`)
}

export async function vacuum(client: Client, tables: readonly ShuffledTable[]): Promise<void> {
  if (tables.length > 0) await client.query(`VACUUM (ANALYZE) ${tables.map(({ name }) => name).join(', ')}`)
}
