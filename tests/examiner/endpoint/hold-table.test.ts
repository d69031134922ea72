import type { Duplex } from 'node:stream'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { bundleOf, grade, hiddenFile } from '../../support/examiner-harness.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => server.reset())

async function answer(stream: Duplex, asked: Buffer): Promise<void> {
  const session = await server.connect('learner', 'app')
  await session.query(asked.includes('/read') ? 'select count(*) from "Finds"' : 'insert into "Finds" values (1)')
  await session.end()
  stream.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
}

/** A program that writes to table "Finds" at each request, and reads from it when asked for /read. */
async function gradeCode(body: string) {
  const bundle = bundleOf(
    {
      'schema.sql': 'create table "Finds" (id int)',
      ...hiddenFile(`test('one', { id: 'one', task: 'one', timeLimitMs: 4000 }, async ({ http, db }) => { ${body} })
        test('next', { id: 'next', task: 'one', timeLimitMs: 4000 }, async ({ http }) => void (await http.post('/')))`),
    },
    { services: { postgres: { schema: 'schema.sql' } } },
  )
  const { results } = await grade(bundle, {
    database: server.socket,
    control: async () => {
      const admin = await server.connect('assay', 'postgres')
      await admin.query('CREATE DATABASE app TEMPLATE app_template')
      await admin.end()
    },
    subject: stream => stream.once('data', (chunk: Buffer) => void answer(stream, chunk)),
  })
  return results
}

test('who writes to a held table waits until it is let go; who reads does not', async () => {
  const results = await gradeCode(`
    const held = await db.hold('Finds')
    let written = false
    const writing = http.post('/').then(() => (written = true))
    await held.untilWaiting(1)
    await http.get('/read')
    expect(written).toBe(false)
    await held.release()
    await writing
    expect(await db.query('select count(*)::int as count from "Finds"')).toEqual([{ count: 1 }])`)
  expect(results).toMatchObject({ one: { status: 'passed' }, next: { status: 'passed' } })
})

test('only the program’s waits for the table itself count', async () => {
  const results = await gradeCode(`
    const held = await db.hold('Finds')
    const reading = db.query('select from "Finds" for update').catch(error => error.code)
    void http.post('/behind')
    await held.untilWaiting(1)
    await held.untilWaiting(2)`)
  expect(results['one']).toMatchObject({
    status: 'timed_out',
    message: expect.stringContaining(' 2 statements of the program to write to table Finds'),
  })
})

test('a table that is still held when its test ends is let go', async () => {
  const results = await gradeCode(`await (await db.hold('Finds')).untilWaiting(0)`)
  expect(results).toMatchObject({ one: { status: 'passed' }, next: { status: 'passed' } })
})

test('a test that waits for nobody says for what it waited, and a table that is not there is an error', async () => {
  const results = await gradeCode(`
    await expect(db.hold('none')).rejects.toThrow('relation "public.none" does not exist')
    await (await db.hold('Finds')).untilWaiting(1)`)
  expect(results['one']).toMatchObject({
    status: 'timed_out',
    message: expect.stringContaining('It was waiting for the program to write to table Finds, which the test holds'),
  })
})
