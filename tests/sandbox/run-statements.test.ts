import { beforeAll, afterAll, describe, expect, test } from 'vitest'
import { runStatements } from '../../sandbox-images/agent/run-statements.ts'
import { startPostgres, type TestServer } from '../support/postgres.ts'

describe('statements by the protocol itself', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startPostgres()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  test('run one after the other, each in a transaction of its own, and leave no session behind', async () => {
    // A database is made in no transaction but its own.
    await runStatements(server.socket, 'assay', [
      'CREATE DATABASE one TEMPLATE postgres',
      'CREATE DATABASE two TEMPLATE one',
      'DROP DATABASE one',
    ])
    const admin = await server.connect('assay', 'postgres')
    const { rows } = await admin.query(`SELECT datname FROM pg_database WHERE datname IN ('one', 'two')`)
    expect(rows).toEqual([{ datname: 'two' }])
    await expect
      .poll(async () => (await admin.query(`SELECT FROM pg_stat_activity WHERE usename = 'assay' AND pid <> pg_backend_pid()`)).rowCount)
      .toBe(0)
    await admin.end()
  })

  test('end with the server’s words at the first that fails; those after it don’t run', async () => {
    const statements = [
      'CREATE DATABASE three TEMPLATE postgres',
      'DROP DATABASE nothing_like_it',
      'CREATE DATABASE four TEMPLATE postgres',
    ]
    await expect(runStatements(server.socket, 'assay', statements)).rejects.toThrow('database "nothing_like_it" does not exist')
    const admin = await server.connect('assay', 'postgres')
    const { rows } = await admin.query(`SELECT datname FROM pg_database WHERE datname IN ('three', 'four')`)
    expect(rows).toEqual([{ datname: 'three' }])
    await admin.end()
  })

  test.each([
    ['a role that isn’t there', 'nobody', /role "nobody" does not exist/],
    ['a role that may not make databases', 'plain', /permission denied/],
  ])('are refused to %s', async (_, user, words) => {
    const admin = await server.connect('assay', 'postgres')
    await admin.query('DROP ROLE IF EXISTS plain; CREATE ROLE plain LOGIN')
    await admin.end()
    await expect(runStatements(server.socket, user, ['CREATE DATABASE five TEMPLATE postgres'])).rejects.toThrow(words)
  })

  test('fail where no server listens', async () => {
    await expect(runStatements('/nowhere/socket', 'assay', ['SELECT 1'])).rejects.toThrow('ENOENT')
  })
})
