import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import Database from 'better-sqlite3'
import { Kysely } from 'kysely'
import { migrate, MIGRATIONS, storeVersion, StoreTooNew } from './migrate.ts'
import { createSqlStore } from './sql-store.ts'
import { nameError, StoreDialect } from './sqlite-dialect.ts'
import type { Hints, Store } from './store.ts'
import type { Tables } from './tables.ts'

type Options = {
  /** The file; its folder is made if it isn't there. Never on a network file system. */
  path: string
  /** Folder for the copies made before a migration; by default `backups` beside the store. */
  backups?: string
  hints?: Hints
  now?: () => Date
  /** Above it every write throws StoreFull, as on a full disk. */
  maxBytes?: number
  migrations?: typeof MIGRATIONS
}

/** How long a write waits for another process; the whole server waits with it, so it is short. */
const BUSY_MS = 2000
const PAGE_BYTES = 4096

const NOBODY_LISTENS: Hints = { eventsAdded: () => {}, lineMoved: () => {} }

/** Opens the store, making it or bringing it to this version first. Throws StoreTooNew for one that a newer Assay made. */
export async function openSqliteStore(options: Options): Promise<Store> {
  const { path, hints = NOBODY_LISTENS, now = () => new Date(), migrations = MIGRATIONS } = options
  const backups = options.backups ?? join(dirname(path), 'backups')
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const database = openDatabase(path, options.maxBytes)
    const backup = (to: string) => copyDatabase(path, to)
    const db = new Kysely<Tables>({ dialect: new StoreDialect(database) })
    try {
      const beforeChange = async (version: number) => {
        const day = now().toISOString().replaceAll(':', '-')
        await backup(join(backups, `store-v${version}-${day}.sqlite`))
      }
      await migrate(db, { now, beforeChange, migrations })
    } catch (error) {
      database.close()
      throw error
    }
    return createSqlStore({ db, hints, now, backup })
  } catch (error) {
    throw nameError(error)
  }
}

function openDatabase(path: string, maxBytes: number | undefined): Database {
  const database = new Database(path, { timeout: BUSY_MS })
  database.pragma('journal_mode = WAL')
  // FULL: what was answered with 202 survives a power cut, not only a crash of ours.
  database.pragma('synchronous = FULL')
  database.pragma('foreign_keys = ON')
  if (maxBytes !== undefined) database.pragma(`max_page_count = ${Math.ceil(maxBytes / PAGE_BYTES)}`)
  return database
}

/**
 * A whole copy in one plain file, which appears under its name only once it is complete. It is made from one moment's state,
 * which a connection of its own holds on to: else SQLite begins again at every write of another process, and beside a
 * server at work it would never come to its end.
 */
async function copyDatabase(path: string, to: string): Promise<void> {
  const part = `${to}.part`
  try {
    await mkdir(dirname(to), { recursive: true, mode: 0o700 })
    await rm(part, { force: true })
    const source = new Database(path, { readonly: true, fileMustExist: true, timeout: BUSY_MS })
    try {
      source.prepare('begin').run([])
      source.prepare('select count(*) from sqlite_master').all([])
      await source.backup(part)
    } finally {
      source.close()
    }
    const copy = new Database(part, { fileMustExist: true })
    // Without a write-ahead log of its own, the copy can be read from anywhere.
    copy.pragma('journal_mode = DELETE')
    copy.close()
    await rename(part, to)
  } catch (error) {
    await rm(part, { force: true })
    throw nameError(error)
  }
}

export type BackupCheck = {
  ok: boolean
  version: number
  /** What is wrong with it, in words for the operator. */
  findings: string[]
  counts: { submissions: number; gradings: number; exerciseVersions: number; tokens: number }
}

/** Whether a backup can be restored from: its pages and references are whole, and its version is one that we know. */
export async function checkBackup(path: string): Promise<BackupCheck> {
  let database: Database
  try {
    database = new Database(path, { readonly: true, fileMustExist: true })
  } catch (error) {
    throw nameError(error)
  }
  const db = new Kysely<Tables>({ dialect: new StoreDialect(database) })
  const counts = { submissions: 0, gradings: 0, exerciseVersions: 0, tokens: 0 }
  const findings: string[] = []
  let version = 0
  try {
    const pages = database.pragma('integrity_check', { simple: true })
    if (pages !== 'ok') findings.push(`its pages are damaged: ${String(pages)}`)
    const dangling = database.pragma('foreign_key_check') as unknown[]
    if (dangling.length > 0) findings.push(`${dangling.length} rows refer to rows that are missing`)
    version = await storeVersion(db)
    if (version === 0) findings.push('it holds no store')
    else if (version > MIGRATIONS.length) findings.push(new StoreTooNew(version, MIGRATIONS.length).message)
    else {
      const count = async (table: 'submissions' | 'gradings' | 'exercise_versions' | 'tokens') =>
        Number(
          (
            await db
              .selectFrom(table)
              .select(all => all.fn.countAll().as('rows'))
              .executeTakeFirstOrThrow()
          ).rows,
        )
      counts.submissions = await count('submissions')
      counts.gradings = await count('gradings')
      counts.exerciseVersions = await count('exercise_versions')
      counts.tokens = await count('tokens')
    }
  } catch (error) {
    findings.push(`it can't be read: ${(error as Error).message}`)
  } finally {
    database.close()
  }
  return { ok: findings.length === 0, version, findings, counts }
}
