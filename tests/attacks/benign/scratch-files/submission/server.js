import { mkdir, readdir, rename, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'

async function files() {
  await mkdir('/tmp/scratch/deep/deeper', { recursive: true })
  await writeFile('/tmp/scratch/large', Buffer.alloc(30 * 1024 ** 2, 1), { flush: true })
  for (let number = 0; number < 3000; number++) await writeFile(`/tmp/scratch/deep/${number}.part`, String(number))
  for (let number = 0; number < 3000; number++) await rename(`/tmp/scratch/deep/${number}.part`, `/tmp/scratch/deep/deeper/${number}`)
  await symlink('/tmp/scratch/large', '/tmp/scratch/link')
  const { size } = await stat('/tmp/scratch/link')
  const count = (await readdir('/tmp/scratch/deep/deeper')).length
  await rm('/tmp/scratch', { recursive: true })
  return size === 30 * 1024 ** 2 && count === 3000
}

function database() {
  const one = new DatabaseSync('/tmp/app.db')
  one.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT)')
  const other = new DatabaseSync('/tmp/app.db')
  one.exec('BEGIN IMMEDIATE')
  for (let note = 0; note < 5000; note++) one.prepare('INSERT INTO notes (text) VALUES (?)').run(`note ${note}`)
  one.exec('COMMIT')
  const { count } = other.prepare('SELECT count(*) AS count FROM notes').get()
  one.close()
  other.close()
  return count === 5000
}

createServer(async (request, response) => response.end((await files()) && database() ? 'done' : 'lost some')).listen(process.env.PORT)
