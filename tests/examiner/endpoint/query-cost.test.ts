import type { Duplex } from 'node:stream'
import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { COUNTING } from '../../../worker/pod/pod.ts'
import { bundleOf, grade, hiddenFile, type Grading } from '../../support/examiner-harness.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres(COUNTING)
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => server.reset())

const SCHEMA = `create table authors (id int primary key, name text not null);
  create table books (id int primary key, author_id int not null references authors);
  insert into authors select i, 'author ' || i from generate_series(1, 40) as i;
  insert into books select i, 1 + i % 40 from generate_series(1, 200) as i;`

/** A program that runs these statements at each request, over a session that stays open; then it answers. */
async function gradeProgram(statements: readonly string[], tests: string, postgres: object = { statistics: true }): Promise<Grading> {
  let session: Client | undefined
  const answer = async (stream: Duplex) => {
    session ??= await server.connect('learner', 'app')
    for (const statement of statements) await session.query(statement).catch(() => {})
    stream.end('HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
  }
  const bundle = bundleOf({ 'schema.sql': SCHEMA, ...hiddenFile(tests) }, { services: { postgres: { schema: 'schema.sql', ...postgres } } })
  const grading = await grade(bundle, {
    database: server.socket,
    control: async () => {
      const admin = await server.connect('assay', 'postgres')
      await admin.query('CREATE DATABASE app TEMPLATE app_template')
      await admin.end()
    },
    subject: stream => stream.once('data', () => void answer(stream)),
  })
  await session?.end()
  return grading
}

const COST = `test('cost', { id: 'cost', task: 'one' }, async ({ http, db }) => {
  await http.get('/')
  const cost = await db.cost(() => Promise.all([http.get('/'), db.query('select * from authors')]))
  throw new Error(JSON.stringify(cost))
})`

async function costOf(statements: readonly string[]) {
  const { results } = await gradeProgram(statements, COST)
  return JSON.parse(results['cost']!.message!.split('\n')[0]!) as { statements: number; rows: number; repeated: object[] }
}

const eachBook = Array.from({ length: 30 }, (_, id) => `select name from authors where id = ${id + 1}`)

test.each<[string, readonly string[], object]>([
  ['nothing', [], { statements: 0, rows: 0, repeated: [] }],
  ['one statement, with the rows that it returns', ['select * from books where id <= 25'], { statements: 1, rows: 25, repeated: [] }],
  [
    'a statement for each row, known for one whatever number stands in it',
    ['select * from books where id <= 30', ...eachBook],
    { statements: 31, rows: 60, repeated: [{ text: 'select name from authors where id = $1', calls: 30, rows: 30 }] },
  ],
  [
    'what it writes, in a transaction, without BEGIN and COMMIT',
    ['begin', 'insert into books select 1000 + i, 1 from generate_series(1, 7) as i', 'delete from books where id > 1000', 'commit'],
    { statements: 2, rows: 14, repeated: [] },
  ],
  [
    'not what the server checks by itself',
    ['insert into books select max(id) + 1, 3 from books'],
    { statements: 1, rows: 1, repeated: [] },
  ],
  [
    'what is asked inside a block, which would else be a way around',
    ['do $$ begin for i in 1..20 loop perform name from authors where id = i; end loop; end $$'],
    { statements: 20, rows: 20, repeated: [{ text: 'SELECT name from authors where id = i', calls: 20, rows: 20 }] },
  ],
  ['not what failed', ['select 1 / 0', 'select 1'], { statements: 1, rows: 1, repeated: [] }],
])('the server counts %s', async (_, statements, cost) => {
  expect(await costOf(statements)).toEqual(cost)
})

test('a failed test’s result has the costs that it measured, a passed one’s has none', async () => {
  const { results } = await gradeProgram(
    ['select * from authors', ...eachBook],
    `test('fails', { id: 'fails', task: 'one' }, async ({ http, db }) => {
      for (let time = 0; time < 6; time++) await db.cost(() => (time < 3 ? undefined : http.get('/')))
      expect((await db.cost(() => http.get('/'))).statements, 'statements').toBeLessThan(5)
    })
    test('passes', { id: 'passes', task: 'one' }, async ({ http, db }) => void (await db.cost(() => http.get('/'))))`,
  )
  const cost = { statements: 31, rows: 70, repeated: [{ text: 'select name from authors where id = $1', calls: 30, rows: 30 }] }
  expect(results['fails']).toMatchObject({ message: expect.stringContaining('statements: expected 31 to be less than 5') })
  expect(results['fails']!.queryCosts).toEqual([cost, cost, cost, cost])
  expect(results['passes']).not.toHaveProperty('queryCosts')
})

test.each<[string, string, object]>([
  ['not in itself', 'db.cost(() => db.cost(() => {}))', { statistics: true }],
  ['not where nothing counts', 'db.cost(() => {})', {}],
])('a cost can be measured, but %s', async (_, call, postgres) => {
  const { results } = await gradeProgram([], `test('one', { id: 'one', task: 'one' }, ({ db }) => ${call})`, postgres)
  expect(results['one']!.message).toMatch(
    /another cost of this test is being measured|db\.cost needs "statistics: true" below services\.postgres/,
  )
})

test('a program can neither read the counts nor take them back', async () => {
  const { results } = await gradeProgram(
    ['select * from pg_stat_statements', 'select pg_stat_statements_reset()', 'set pg_stat_statements.track = none', 'select 1'],
    COST,
  )
  expect(JSON.parse(results['cost']!.message!.split('\n')[0]!)).toMatchObject({ statements: 1 })
})
