import { beforeAll, describe, expect, test } from 'vitest'
import { openDockerSandbox } from '../../worker/sandbox/docker/docker-sandbox.ts'
import { ensureImages } from '../../worker/sandbox/docker/images.ts'
import { logIn, openDatabase } from './open-database.ts'

/*
 * The box agent makes database "app" anew by PostgreSQL's own protocol.
 */
beforeAll(() => ensureImages({ log: () => {}, only: ['postgres'] }))

const sandbox = openDockerSandbox()

describe('making the database anew', () => {
  test('takes the template’s tables, whoever is connected, and leaves no session behind', async () => {
    await using database = await openDatabase(sandbox)
    await using admin = await logIn(database.box, 'admin', 'assay')
    await admin.query('CREATE DATABASE app_template TEMPLATE postgres')
    {
      await using template = await logIn(database.box, 'admin', 'assay', 'app_template')
      await template.query(`CREATE TABLE words AS SELECT 'first' AS word`)
    }
    expect(await database.agent.reset()).toBeUndefined()
    const before = await logIn(database.box, 'admin', 'assay', 'app')
    await before.query(`INSERT INTO words VALUES ('second')`)
    expect(await database.agent.reset()).toBeUndefined()
    await expect(before.query('SELECT')).rejects.toThrow()
    await using after = await logIn(database.box, 'admin', 'assay', 'app')
    expect((await after.query('SELECT word FROM words')).rows).toEqual([{ word: 'first' }])
    const { rowCount } = await admin.query(
      `SELECT FROM pg_stat_activity WHERE usename = 'assay' AND datname = 'postgres' AND pid <> pg_backend_pid()`,
    )
    expect(rowCount).toBe(0)
  })

  test('ends with the server’s words at the first statement that fails', async () => {
    await using database = await openDatabase(sandbox)
    expect(await database.agent.reset()).toContain('template database "app_template" does not exist')
  })

  test('fails in words where no server listens', async () => {
    await using database = await openDatabase(sandbox)
    await database.agent.stop()
    expect(await database.agent.reset()).toMatch(/connection refused|no such file/)
  })
})
