import type { Kysely } from 'kysely'
import * as first from './migrations/0001-first.ts'
import * as lists from './migrations/0002-lists-at-any-size.ts'
import type { Tables } from './tables.ts'

type Migration = { name: string; up: (db: Kysely<never>) => Promise<void> }

/** Version n of the store is what the first n of these make. */
export const MIGRATIONS: readonly Migration[] = [
  { name: '0001-first', up: first.up },
  { name: '0002-lists-at-any-size', up: lists.up },
]

/** The store on disk was made by a newer Assay than this one: nothing was touched. */
export class StoreTooNew extends Error {
  constructor(found: number, known: number) {
    super(
      `The store is at version ${found}, and this Assay knows versions up to ${known}: start the newer Assay, or restore a backup of version ${known}`,
    )
    this.name = 'StoreTooNew'
  }
}

/** The version of an existing store; 0 for an empty one. */
export async function storeVersion(db: Kysely<Tables>): Promise<number> {
  const tables = await db.introspection.getTables()
  if (!tables.some(table => table.name === 'store_versions')) return 0
  const row = await db
    .selectFrom('store_versions')
    .select(found => found.fn.max('version').as('version'))
    .executeTakeFirst()
  return row?.version ?? 0
}

/**
 * Brings a store to the newest version, one transaction per migration. `beforeChange` is called once, with the old version,
 * before a store that already holds something is changed: the place for a backup.
 */
export async function migrate(
  db: Kysely<Tables>,
  {
    now,
    beforeChange,
    migrations = MIGRATIONS,
  }: { now: () => Date; beforeChange: (version: number) => Promise<void>; migrations?: readonly Migration[] },
): Promise<void> {
  const found = await storeVersion(db)
  if (found > migrations.length) throw new StoreTooNew(found, migrations.length)
  if (found > 0 && found < migrations.length) await beforeChange(found)
  for (const [index, migration] of migrations.entries()) {
    const version = index + 1
    if (version <= found) continue
    await db.transaction().execute(async transaction => {
      if (version === 1) await createVersions(transaction)
      await migration.up(transaction as unknown as Kysely<never>)
      await transaction.insertInto('store_versions').values({ version, name: migration.name, applied_at: now().toISOString() }).execute()
    })
  }
}

async function createVersions(db: Kysely<Tables>): Promise<void> {
  await db.schema
    .createTable('store_versions')
    .addColumn('version', 'integer', column => column.primaryKey())
    .addColumn('name', 'text', column => column.notNull())
    .addColumn('applied_at', 'text', column => column.notNull())
    .execute()
}
