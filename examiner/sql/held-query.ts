import { Query, type Connection, type QueryConfig } from 'pg'

type Inner = {
  portal: string
  handleCommandComplete: (message: unknown, connection: Connection) => void
  handleEmptyQuery: (connection: Connection) => void
  handleError: (error: Error, connection: Connection) => void
}
const inner = Query.prototype as unknown as Inner

/**
 * One statement over the extended protocol that is held open between its end and that of its transaction. What commits a
 * statement that stands for itself is the protocol's Sync, which a client sends right behind it, as a rule; here it is sent
 * when `held` has come. Until then a statement's locks stand as it took them, and can be read from another session. The
 * server does the same with and without: statements that commit of themselves (CREATE INDEX CONCURRENTLY) already have.
 */
export class HeldQuery extends Query {
  readonly #held: () => Promise<unknown>
  #synced = false

  constructor(config: QueryConfig, held: () => Promise<unknown>) {
    super(config)
    this.#held = held
  }

  /** Called by pg in place of its own, which sends Sync behind Execute. */
  _getRows(connection: Connection): void {
    const { execute } = connection as unknown as { execute: (config: { portal: string; rows: number }) => void }
    execute.call(connection, { portal: (this as unknown as Inner).portal, rows: 0 })
    connection.flush()
  }

  handleCommandComplete(message: unknown, connection: Connection): void {
    inner.handleCommandComplete.call(this, message, connection)
    void this.#held()
      .catch(() => {})
      .then(() => this.#sync(connection))
  }

  handleEmptyQuery(connection: Connection): void {
    this.#sync(connection)
  }

  handleError(error: Error, connection: Connection): void {
    this.#sync(connection)
    inner.handleError.call(this, error, connection)
  }

  #sync(connection: Connection): void {
    if (this.#synced || connection.stream.destroyed) return
    this.#synced = true
    connection.sync()
  }
}
