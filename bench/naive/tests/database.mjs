/* A database of the job's own server, made from files of the exercise; waits for the server to take logins. */
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { Client } from 'pg'

export async function openDatabase(name, files) {
  const admin = await connected('postgres')
  await admin.query(`CREATE DATABASE ${name} TEMPLATE postgres`)
  await admin.end()
  const client = await connected(name)
  for (const file of files) await client.query(await readFile(`/exercise/${file}`, 'utf8'))
  return client
}

async function connected(database) {
  for (;;) {
    const client = new Client({ host: process.env.DATABASE_HOST, user: 'assay', database })
    client.on('error', () => {})
    try {
      await client.connect()
      return client
    } catch {
      await pause(2)
    }
  }
}
