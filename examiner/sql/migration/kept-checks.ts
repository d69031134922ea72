import type { Client } from 'pg'
import { TestFailure } from '../../test-failure.ts'
import { readCatalogue } from './catalogue.ts'
import type { Migration } from './migration-fixture.ts'
import type { MigrationState } from './migration-state.ts'
import { DATABASE, type PreparedMigration } from './prepare-migration.ts'
import { rowAccount, type KeptOptions } from './row-account.ts'
import { INSPECTOR, PRINTING, SUPERUSER } from '../roles.ts'
import { FIRST, withSession } from '../server.ts'
import { readBuckets, readShapes, Unreadable, type Side } from './table-digest.ts'

/** What a test can ask of a migration's rows, whatever their number. */
export type KeptChecks = Pick<Migration, 'expectKept' | 'expectBackAndForth' | 'expectUpTwice'>
type Around = Pick<Migration, 'up' | 'down' | 'expectSchema' | 'expectOldSchema'>

export function keptChecks(state: MigrationState, prepared: PreparedMigration, around: Around, signal: AbortSignal): KeptChecks {
  const expectKept = async (options: KeptOptions = {}) => {
    const lines = await withOldRows(prepared, before => withRows(state, prepared, after => rowAccount(before, after, options)))
    if (lines.length > 0) throw new TestFailure(`Not everything was kept:\n${lines.map(line => `- ${line}`).join('\n')}`)
  }
  return {
    expectKept,
    expectBackAndForth: async options => {
      await around.up()
      await around.expectSchema()
      await around.down()
      await around.expectOldSchema()
      await expectKept(options)
      await around.up()
      await around.expectSchema()
    },
    expectUpTwice: async how => {
      await around.up()
      const before = await contentOf(state, prepared)
      const fault = await state.attempt(0, signal)
      if (how === 'does nothing' && fault)
        throw new TestFailure(`Run a second time, up must do nothing, but it fails: ${state.faultWords(fault)}`)
      if (how === 'fails' && !fault) throw new TestFailure('Run a second time, up must fail, but it ran to its end.')
      const changed = differences(before, await contentOf(state, prepared))
      if (changed.length > 0) throw new TestFailure(`Run a second time, up must change nothing, but it changed ${changed.join(', ')}.`)
      state.stayedNew()
    },
  }
}

/** Everything that stands in the learner's database, for comparing it with itself: per table and for the schema one text. */
export async function contentOf(
  state: MigrationState,
  prepared: PreparedMigration,
  except: readonly string[] = [],
): Promise<Map<string, string>> {
  return withRows(state, prepared, async side => {
    const content = new Map<string, string>()
    for (const [table, shape] of await readShapes(side)) {
      const columns = shape.columns.filter(column => !except.includes(`${table}.${column}`))
      const key = shape.key.filter(column => columns.includes(column))
      const buckets = await readBuckets(side, { ...shape, key }, columns)
      content.set(`table ${table}`, JSON.stringify([...buckets].toSorted(([one], [other]) => one - other)))
    }
    const catalogue = await readCatalogue(side.client, side.killer)
    if ('fault' in catalogue) throw new Unreadable('', catalogue.fault)
    content.set('the schema', JSON.stringify(catalogue))
    return content
  })
}

/** What is not the same in both, by name. */
export function differences(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): string[] {
  return [...new Set([...one.keys(), ...other.keys()])].filter(name => one.get(name) !== other.get(name)).slice(0, 5)
}

/** The rows before the migration: the template's, which no learner's text has been near. */
function withOldRows<T>(prepared: PreparedMigration, use: (side: Side) => Promise<T>): Promise<T> {
  return withSession(prepared.connect, SUPERUSER, FIRST, async client => use(await sideOf(client, prepared)))
}

/** The rows as they are now. That they can't be read is a finding about the learner's text. */
async function withRows<T>(state: MigrationState, prepared: PreparedMigration, use: (side: Side) => Promise<T>): Promise<T> {
  try {
    return await withSession(prepared.connect, INSPECTOR, DATABASE, async client => use(await sideOf(client, prepared)))
  } catch (error) {
    if (!(error instanceof Unreadable)) {
      if (!(error instanceof TestFailure)) state.lost(error)
      throw error
    }
    const { table, failure } = error
    const why = failure.type === 'error' ? state.wordsOf(failure.error) : failure.type.replace('_', ' ')
    throw new TestFailure(`${table === '' ? 'The schema' : `Table ${table}`} could not be read: ${why}.`)
  }
}

async function sideOf(client: Client, { killer, seed }: PreparedMigration): Promise<Side> {
  // Rows that are added up bucket by bucket take 2 MiB by hash, and by sorting a copy of the table on the disk.
  const settings = { ...PRINTING, search_path: 'pg_catalog', enable_sort: 'off' }
  const printing = Object.entries(settings).map(([name, value]) => `SET ${name} = '${value}'`)
  await client.query(printing.join('; '))
  return { client, killer, seed }
}
