import type { PreparedQuery } from '../prepare-query.ts'
import { SUPERUSER } from '../roles.ts'
import { withSession } from '../server.ts'
import type { TableFacts } from './schema-facts.ts'
import type { KnownRows, Values } from './values.ts'

/** Of each table and data set at most so many. */
const ROWS = 20
const DATASETS = 10
/** Longer cells say nothing that a generated row needs. */
const CELL = 200

/** Rows that the exercise's author wrote: what they hold is known to make sense. */
export async function knownRowsOf({ connect, datasets }: PreparedQuery, tables: readonly TableFacts[]): Promise<KnownRows> {
  const known: KnownRows = new Map()
  for (const { database } of [...datasets.values()].slice(0, DATASETS)) {
    await withSession(connect, SUPERUSER, database, async session => {
      for (const table of tables) {
        const cells = table.columns.map(({ quoted }) => `left(${quoted}::text, ${CELL}) AS ${quoted}`)
        const { rows } = await session.query<Values>(`SELECT ${cells.join(', ')} FROM ${table.name} LIMIT ${ROWS}`)
        known.set(table.name, [...(known.get(table.name) ?? []), ...rows])
      }
    })
  }
  return known
}
