import type { Client } from 'pg'
import type { PreparedQuery } from '../prepare-query.ts'
import { SUPERUSER } from '../../roles.ts'
import { answers, withSession } from '../../server.ts'
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
      for (const [name, rows] of await rowsIn(session, tables)) known.set(name, [...(known.get(name) ?? []), ...rows])
    })
  }
  return known
}

/** The first rows of each table that has some. */
export async function rowsIn(session: Client, tables: readonly TableFacts[]): Promise<KnownRows> {
  const found = await answers(
    tables.map(({ name, columns }) => {
      const cells = columns.map(({ quoted }) => `left(${quoted}::text, ${CELL}) AS ${quoted}`)
      return session.query<Values>(`SELECT ${cells.join(', ')} FROM ${name} LIMIT ${ROWS}`)
    }),
  )
  return new Map(tables.map(({ name }, index) => [name, found[index]!.rows] as const).filter(([, rows]) => rows.length > 0))
}
