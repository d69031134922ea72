import { openSqliteStore } from './store/sqlite.ts'
import type { Hints, Store } from './store/store.ts'

/** Opens the store that ASSAY_STORE_URL names, making it or bringing it to this version first. */
export async function openStore(storeUrl: string, hints?: Hints): Promise<Store> {
  const path = /^sqlite:(.+)$/.exec(storeUrl)?.[1]
  if (path === undefined) throw new Error(`ASSAY_STORE_URL: expected sqlite:<path>, got "${storeUrl.replace(/:.*/, ':…')}"`)
  return openSqliteStore({ path, ...(hints && { hints }) })
}
