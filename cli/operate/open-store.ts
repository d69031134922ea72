import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { openSqliteStore } from '../../server/store/sqlite.ts'
import type { Store } from '../../server/store/store.ts'
import { cliConfig } from '../config.ts'
import { CommandError, EXIT } from '../errors.ts'

/** The file that holds the store of this host's server. */
export function storeFile(): string {
  const { storeUrl, dataFolder } = cliConfig(process.env)
  return storeUrl?.slice('sqlite:'.length) ?? join(dataFolder, 'assay.sqlite')
}

/**
 * Opens the store beside a running server, for what an operator does by hand; SQLite keeps the two apart. It is made
 * only where that is wanted: a mistyped folder should not become an empty store.
 */
export async function openStore({ make }: { make: boolean }): Promise<Store & AsyncDisposable> {
  const path = storeFile()
  if (!make && !(await stat(path).catch(() => undefined)))
    throw new CommandError(EXIT.notFound, `There is no store at ${path}; set ASSAY_DATA to the server's data folder.`)
  const store = await openSqliteStore({ path })
  return Object.assign(store, { [Symbol.asyncDispose]: () => store.close() })
}
