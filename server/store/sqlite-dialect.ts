import type Database from 'better-sqlite3'
import {
  CompiledQuery,
  SqliteDialect,
  SqliteDriver,
  type DatabaseConnection,
  type Driver,
  type QueryResult,
  type SqliteStatement,
} from 'kysely'
import { StoreFull, StoreUnavailable } from './store-errors.ts'

/**
 * kysely's dialect, with four differences: a statement is prepared once and kept, since that costs more than running it; a
 * transaction takes the write lock as it begins, so that another process
 * (the command line adding a token) makes it wait instead of fail; a transaction that SQLite has ended by itself, as it
 * does when the disk is full, isn't rolled back twice; and errors of the machine get the store's own names.
 */
export class StoreDialect extends SqliteDialect {
  readonly #database: Database

  constructor(database: Database) {
    super({ database })
    this.#database = database
  }

  override createDriver(): Driver {
    return new StoreDriver(this.#database)
  }
}

class StoreDriver extends SqliteDriver {
  readonly #database: Database
  readonly #connection: StoreConnection

  constructor(database: Database) {
    super({ database })
    this.#database = database
    this.#connection = new StoreConnection(database)
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    return this.#connection
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** The store has some hundred statements; lists of ids make further ones, by their length. */
const STATEMENTS_KEPT = 200

class StoreConnection implements DatabaseConnection {
  readonly #database: Database
  readonly #prepared = new Map<string, SqliteStatement>()

  constructor(database: Database) {
    this.#database = database
  }

  async executeQuery<Row>({ sql, parameters }: CompiledQuery): Promise<QueryResult<Row>> {
    try {
      const statement = this.#prepare(sql)
      if (statement.reader) return { rows: statement.all(parameters) as Row[] }
      const { changes, lastInsertRowid } = statement.run(parameters)
      return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) }
    } catch (error) {
      throw nameError(error)
    }
  }

  streamQuery<Row>(): AsyncIterableIterator<QueryResult<Row>> {
    throw new Error('the store reads no query piece by piece')
  }

  #prepare(sql: string): SqliteStatement {
    const known = this.#prepared.get(sql)
    if (known) return known
    const statement = this.#database.prepare(sql)
    if (this.#prepared.size >= STATEMENTS_KEPT) this.#prepared.clear()
    this.#prepared.set(sql, statement)
    return statement
  }
}

const FULL = ['SQLITE_FULL', 'ENOSPC', 'EDQUOT']
/** Of the machine, not of the query: locked by another process, unreadable, read-only, damaged. */
const UNAVAILABLE = [
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_IOERR',
  'SQLITE_CANTOPEN',
  'SQLITE_READONLY',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
]

/** The store's own error for one of SQLite's or of the file system's; any other error as it is. */
export function nameError(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (FULL.includes(code)) return new StoreFull({ cause: error })
  // Extended codes, such as SQLITE_IOERR_WRITE.
  if (UNAVAILABLE.some(known => code === known || code.startsWith(`${known}_`)))
    return new StoreUnavailable(`The store can't be used just now (${code}): ${(error as Error).message}`, { cause: error })
  return error
}
