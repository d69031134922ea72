import { join } from 'node:path'
import { openSqliteStore } from '../../../server/store/sqlite.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { storeContract } from './store-contract.ts'

storeContract('SQLite', async options => {
  const folder = tempFolder()
  const store = await openSqliteStore({ path: join(folder.path, 'assay.sqlite'), ...options })
  return {
    store,
    dispose: async () => {
      await store.close()
      folder[Symbol.dispose]()
    },
  }
})
