import { execFile } from 'node:child_process'
import { dirname } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Drops database "app", whoever is connected, and copies it anew from "app_template". */
export async function makeDatabaseAnew(adminSocket: string | undefined): Promise<void> {
  if (!adminSocket) throw new Error('this box has no database')
  const statements = ['DROP DATABASE IF EXISTS app WITH (FORCE)', 'CREATE DATABASE app TEMPLATE app_template']
  await run('psql', [
    '--no-psqlrc',
    '--quiet',
    `--host=${dirname(adminSocket)}`,
    '--username=assay',
    '--dbname=postgres',
    '--set=ON_ERROR_STOP=1',
    ...statements.map(statement => `--command=${statement}`),
  ])
}
