import type { Kysely } from 'kysely'

/**
 * Lists by more than one filter, without looking at rows that they don't show (choose-index.ts says which filter uses
 * which index). What stands behind `id` is only compared, so that a row that doesn't fit isn't read.
 */
export async function up(db: Kysely<never>): Promise<void> {
  const index = (name: string, table: string, columns: string[]) => db.schema.createIndex(name).on(table).columns(columns).execute()

  await db.schema.dropIndex('submissions_owner').execute()
  await index('submissions_owner', 'submissions', ['owner', 'id', 'state', 'outcome', 'slug', 'group_name'])
  await db.schema.dropIndex('submissions_state').execute()
  await index('submissions_state', 'submissions', ['state', 'id', 'group_name', 'slug'])
  await index('submissions_group_slug', 'submissions', ['group_name', 'slug', 'id', 'outcome'])
  await index('submissions_group_outcome', 'submissions', ['group_name', 'outcome', 'id'])
  await index('submissions_slug_outcome', 'submissions', ['slug', 'outcome', 'id'])

  // What is on offer, among all versions there ever were.
  await index('exercise_versions_current', 'exercise_versions', ['current', 'slug'])
}
