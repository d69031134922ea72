import { openSqliteStore } from '../../../server/store/sqlite.ts'

/** Another process at the same store, as the command line is: adds so many tokens to the store at the path, and prints them. */
const [path, count] = process.argv.slice(2)
const store = await openSqliteStore({ path: path! })
for (let each = 0; each < Number(count); each++) {
  const { token } = await store.addToken({ owner: `learner-${each}`, group: 'class-1', role: 'learner' })
  console.log(token)
}
await store.close()
