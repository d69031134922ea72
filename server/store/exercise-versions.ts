import type { Kysely } from 'kysely'
import type { TestFact } from '../../core/tests-list.ts'
import type { ExerciseVersion, RawBundle } from './store.ts'
import type { Tables } from './tables.ts'
import type { Tx } from './transaction.ts'

export async function publish(tx: Tx, bundles: readonly RawBundle[]): Promise<void> {
  const current = tx.db.updateTable('exercise_versions').set({ current: 0 }).where('current', '=', 1)
  const versions = bundles.map(bundle => bundle.version)
  await (versions.length > 0 ? current.where('version', 'not in', versions) : current).execute()
  for (const bundle of bundles) {
    // A version is the hash of its content: what is there already is the same. What changes nothing isn't written again, at
    // every start and with the whole bundle.
    await tx.db
      .insertInto('exercise_versions')
      .values({
        version: bundle.version,
        slug: bundle.slug,
        bundle_json: JSON.stringify(bundle),
        tests_json: null,
        current: 1,
        published_at: tx.at,
      })
      .onConflict(conflict => conflict.column('version').doUpdateSet({ current: 1 }).where('exercise_versions.current', '=', 0))
      .execute()
  }
}

export async function listVersions(db: Kysely<Tables>): Promise<ExerciseVersion[]> {
  const versions = db
    .selectFrom('exercise_versions')
    .select(column => ['slug', 'version', 'current', column('tests_json', 'is not', null).as('collected')])
  const rows = await versions.where('current', '=', 1).orderBy('slug').execute()
  const listed = new Set(rows.map(row => row.version))
  for (const version of await versionsInUse(db))
    if (!listed.has(version)) rows.push(...(await versions.where('version', '=', version).execute()))
  return rows.map(row => ({ slug: row.slug, version: row.version, collected: Boolean(row.collected), current: row.current === 1 }))
}

/** Those of unfinished gradings: old ones, too. */
async function versionsInUse(db: Kysely<Tables>): Promise<Set<string>> {
  const rows = await db.selectFrom('gradings').select('version').where('finished_at', 'is', null).execute()
  return new Set(rows.map(row => row.version))
}

export async function readBundle(db: Kysely<Tables>, version: string): Promise<RawBundle | undefined> {
  const row = await db.selectFrom('exercise_versions').select('bundle_json').where('version', '=', version).executeTakeFirst()
  return row && (JSON.parse(row.bundle_json) as RawBundle)
}

export async function readTests(db: Kysely<Tables>, version: string): Promise<TestFact[] | undefined> {
  const row = await db.selectFrom('exercise_versions').select('tests_json').where('version', '=', version).executeTakeFirst()
  return row?.tests_json ? (JSON.parse(row.tests_json) as TestFact[]) : undefined
}

export async function keepTests(tx: Tx, version: string, tests: readonly TestFact[]): Promise<'kept' | 'already_kept' | 'unknown'> {
  const row = await tx.db.selectFrom('exercise_versions').select('tests_json').where('version', '=', version).executeTakeFirst()
  if (!row) return 'unknown'
  if (row.tests_json !== null) return 'already_kept'
  await tx.db
    .updateTable('exercise_versions')
    .set({ tests_json: JSON.stringify(tests) })
    .where('version', '=', version)
    .execute()
  return 'kept'
}
