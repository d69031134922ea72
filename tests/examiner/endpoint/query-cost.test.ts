import { dirname } from 'node:path'
import type { Duplex } from 'node:stream'
import { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { COUNTING } from '../../../worker/pod/wire-boxes.ts'
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

type Statement = string | ((session: Client) => unknown)

/** A program that runs these statements at each request, over a session that stays open; then it answers. */
async function gradeProgram(statements: readonly Statement[], tests: string, postgres: object = { statistics: true }): Promise<Grading> {
  let session: Client | undefined
  const answer = async (stream: Duplex) => {
    session ??= await sessionOfProgram()
    for (const statement of statements) {
      const run = typeof statement === 'string' ? session.query(statement) : statement(session)
      await Promise.resolve(run).catch(() => {})
    }
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

/** As a program opens one: the tests' own send several statements at once, and refuse portals that stay open. */
async function sessionOfProgram(): Promise<Client> {
  const session = new Client({ host: dirname(server.socket), user: 'learner', database: 'app' })
  await session.connect()
  return session
}

const COST = `test('cost', { id: 'cost', task: 'one' }, async ({ http, db }) => {
  await http.get('/')
  const cost = await db.cost(() => Promise.all([http.get('/'), db.query('select * from authors')]))
  throw new Error(JSON.stringify(cost))
})`

async function costOf(statements: readonly Statement[]) {
  const { results } = await gradeProgram(statements, COST)
  return JSON.parse(results['cost']!.message!.split('\n')[0]!) as { statements: number; rows: number; repeated: object[] }
}

const eachBook = Array.from({ length: 30 }, (_, id) => `select name from authors where id = ${id + 1}`)

/** Reads some rows of a statement over the extended protocol, from a portal that is never closed. */
const someRows = (text: string) => (session: Client) =>
  new Promise<void>(resolve => {
    const { connection } = session
    const name = `portal${++portals}`
    session.query({
      submit: () => {
        connection.parse({ name: '', text, types: [] }, true)
        connection.bind({ portal: name, statement: '', values: [] }, true)
        connection.execute({ portal: name, rows: '3' }, true)
        connection.sync()
      },
      handleDataRow: () => {},
      handlePortalSuspended: () => {},
      handleCommandComplete: () => {},
      handleError: () => resolve(),
      handleReadyForQuery: () => resolve(),
    } as never)
  })
let portals = 0

/** What the server is made to run for a statement that makes, changes or drops something (prepare-database.ts). */
const SCHEMA_CHANGE = 'SELECT /* for a change of the schema */ WHERE false'

test.each<[string, readonly Statement[], object]>([
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
    'a block for one, and what is asked inside it, which would else be a way around',
    ['do $$ begin for i in 1..20 loop perform name from authors where id = i; end loop; end $$'],
    { statements: 21, rows: 20, repeated: [{ text: 'SELECT name from authors where id = i', calls: 20, rows: 20 }] },
  ],
  ['not what is refused before it reads', ['select nothing from authors', 'selec 1', 'select 1'], { statements: 1, rows: 1, repeated: [] }],
  [
    'what ends in an error after reading, known for one',
    Array.from({ length: 5 }, (_, id) => `select name::int from authors where id = ${id + 1}`),
    { statements: 5, rows: 0, repeated: [{ text: 'select name::int from authors where id = $1', calls: 5, rows: 0 }] },
  ],
  [
    'what fails inside a block that carries on',
    ['do $$ begin begin perform (select string_agg(name, chr(44)) from authors)::int; exception when others then null; end; end $$'],
    { statements: 2, rows: 0, repeated: [] },
  ],
  [
    'what an expression of a block reads, also where it fails or where much stands before the word that tells',
    [
      ...['string_agg(name, chr(44))::int from authors where id = 7', `name${' '.repeat(100_000)}::int from authors where id = 7`].map(
        read => `do $$ declare x int; begin begin x := ${read}; exception when others then null; end; end $$`,
      ),
      'do $$ begin begin if name::int > 0 from authors where id = 7 then null; end if; exception when others then null; end; end $$',
    ],
    { statements: 6, rows: 0, repeated: expect.any(Array) },
  ],
  [
    'no expression that has the word in it and reads nothing',
    [
      `do $$ declare b text; begin if now() is distinct from now() or b is not distinct from 'a' or extract(year from now()) < 0 or
        length(substring(b from 2)) < 0 then null; end if; end $$`,
    ],
    { statements: 1, rows: 0, repeated: [] },
  ],
  [
    'what only looks as if it had that word for something else',
    [
      'x := name::int * t. is distinct from books as t("is"), authors where authors.id = 7',
      'x := name::int -- is distinct\n from authors where id = 7',
      'x := name::int -- trim(\n from authors where id = 7',
    ].map(read => `do $$ declare x int; begin begin ${read}; exception when others then null; end; end $$`),
    { statements: 6, rows: 0, repeated: expect.any(Array) },
  ],
  [
    'what ends in an error while it is explained, behind a word that only steers',
    ['begin; explain analyze select name::int from authors where id = 7', 'rollback'],
    { statements: 1, rows: 0, repeated: [] },
  ],
  [
    'what ends in an error while a table, a view or an index is made of it',
    [
      'select name::int as x into temp few from authors where id = 7',
      'create table few as select name::int from authors',
      'create materialized view few as select name::int from authors',
      'create temp table own as select name from authors where id = 7',
      'create index on own ((name::int))',
      'drop table own',
    ],
    { statements: 8, rows: 1, repeated: [{ text: SCHEMA_CHANGE, calls: 6, rows: 0 }] },
  ],
  [
    'what ends in an error while a view is refreshed',
    [
      'create materialized view few as select name::int from authors with no data',
      'refresh materialized view few',
      'refresh materialized view few',
      'drop materialized view few',
    ],
    { statements: 6, rows: 0, repeated: [{ text: SCHEMA_CHANGE, calls: 4, rows: 0 }] },
  ],
  [
    'cursors, and what is fetched from them, also where they are rolled back',
    ['begin', 'declare few cursor for select * from books', 'fetch 5 from few', 'fetch next from few', 'close few', 'rollback'],
    { statements: 3, rows: 6, repeated: [] },
  ],
  [
    'a portal that is read and never closed, in a transaction that is rolled back',
    ['begin', someRows('select id from books'), someRows('select id from authors'), 'rollback'],
    { statements: 2, rows: 0, repeated: [] },
  ],
  [
    'what a transaction asked that is still open when the answer comes',
    ['begin', session => session.query('select id from books where id < $1', [9]), someRows('select id from authors')],
    { statements: 2, rows: expect.any(Number), repeated: [] },
  ],
  [
    'a prepared statement once for each time that it is executed',
    [
      'prepare by_id(int) as select name from authors where id = $1',
      ...Array.from({ length: 9 }, (_, id) => `execute by_id(${id + 1})`),
      'deallocate by_id',
    ],
    {
      statements: 9,
      rows: 9,
      repeated: [{ text: 'prepare by_id(int) as select name from authors where id = $1', calls: 9, rows: 9 }],
    },
  ],
  [
    'a statement once for which the server would make two plans at its sixth time',
    [
      'prepare series(int) as select from generate_series(1, $1)',
      ...Array.from({ length: 9 }, () => 'execute series(1)'),
      'deallocate series',
    ],
    { statements: 9, rows: 9, repeated: [{ text: 'prepare series(int) as select from generate_series($2, $1)', calls: 9, rows: 9 }] },
  ],
  [
    'a statement that a driver prepares once for each time as well',
    Array.from(
      { length: 9 },
      (_, id) => (session: Client) => session.query({ name: 'by_id', text: 'select name from authors where id = $1', values: [id + 1] }),
    ),
    { statements: 9, rows: 9, repeated: [{ text: 'select name from authors where id = $1', calls: 9, rows: 9 }] },
  ],
  [
    'statements that make or lock something as well',
    ['begin', 'create temp table few on commit drop as select * from books where id <= 7', 'lock table books in share mode', 'commit'],
    { statements: 3, rows: 7, repeated: [] },
  ],
  [
    'nothing that only steers a session, whatever comments stand before it',
    [
      '/* id=7 */ BEGIN',
      '-- a name\nSET LOCAL work_mem = 4096',
      'savepoint one',
      'release savepoint one',
      '/***/ /* * / */ rollback',
      'start transaction read only',
      'end',
      'begin',
      'abort',
      'show work_mem',
      'reset work_mem',
      'close all',
      'unlisten *',
      'discard all',
    ],
    { statements: 0, rows: 0, repeated: [] },
  ],
  ['a block that only steers for one', ['do $$ begin set local work_mem = 4096; end $$'], { statements: 1, rows: 0, repeated: [] }],
  [
    'a statement behind comments that look like one that steers',
    ['/* /* */ begin */ select 1', '/* begin */ select 1, 2', '-- begin\nselect 1, 2, 3', '/*/**/set*/ select 1, 2, 3, 4'],
    { statements: 4, rows: 4, repeated: [] },
  ],
])('the server counts %s', async (_, statements, cost) => {
  expect(await costOf(statements)).toEqual(cost)
})

test('a program that has its statements forgotten for others is not taken for one that ran few', async () => {
  const different = eachBook.map((text, index) => text + ' and id > 0'.repeat(index))
  const others = Array.from({ length: 1200 }, (_, index) => `set my.setting${index} = 1;`.repeat(3)).join('')
  const { statements } = await costOf([...different, others])
  expect(statements).toBeGreaterThanOrEqual(30)
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
