/** The little of better-sqlite3 that the store uses; kysely names the rest that it needs. */
declare module 'better-sqlite3' {
  import type { SqliteStatement } from 'kysely'

  export default class Database {
    constructor(path: string, options?: { readonly?: boolean; fileMustExist?: boolean; timeout?: number })
    readonly inTransaction: boolean
    prepare(sql: string): SqliteStatement
    pragma(source: string, options?: { simple?: boolean }): unknown
    backup(to: string): Promise<unknown>
    close(): void
  }
}
