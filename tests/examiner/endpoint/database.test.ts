import type { Client } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ControlAction } from '../../../core/examiner-protocol.ts'
import { bundleOf, grade, hiddenFile, type PodEnds } from '../../support/examiner-harness.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

let server: TestServer
beforeAll(async () => {
  server = await startPostgres()
})
afterAll(() => server[Symbol.asyncDispose]())
beforeEach(() => server.reset())

const SCHEMA = `
  create table tasks (id int generated always as identity primary key, title varchar(100) not null unique, done boolean not null default false);
  create table notes (task_id int references tasks on delete cascade, text text);`

const exercise = (tests: string, files: Record<string, string> = {}, more: Record<string, unknown> = {}) =>
  bundleOf(
    {
      'schema.sql': SCHEMA,
      'seed.sql': `insert into tasks (title) values ('first'), ('seed ' || current_setting('assay.seed'));`,
      ...hiddenFile(tests),
      ...files,
    },
    { services: { postgres: { schema: 'schema.sql', seed: 'seed.sql' } }, ...more },
  )

/** What the box's agent does when asked for db.reset. */
async function makeDatabaseAnew(): Promise<void> {
  const admin = await server.connect('assay', 'postgres')
  await admin.query('DROP DATABASE IF EXISTS app WITH (FORCE)')
  await admin.query('CREATE DATABASE app TEMPLATE app_template')
  await admin.end()
}

/** What the learner's program does with its database, statement by statement, at each start. */
function programOf(...statements: string[]): { ends: PodEnds; failures: string[]; actions: ControlAction[] } {
  const failures: string[] = []
  const actions: ControlAction[] = []
  const run = async () => {
    const client = await server.connect('learner', 'app')
    for (const statement of statements) {
      await client.query(statement).catch((error: Error) => failures.push(error.message))
    }
    await client.end()
  }
  let begun = false
  const ends: PodEnds = {
    database: server.socket,
    control: async action => {
      actions.push(action)
      if (action === 'db.reset') await makeDatabaseAnew()
      if (action === 'subject.restart' || !begun) await run()
      begun = true
    },
  }
  return { ends, failures, actions }
}

test('tests see what the program stored, with values as they are', async () => {
  const { ends, failures } = programOf(
    `insert into tasks (title, done) values ('mine', true)`,
    `update tasks set title = 'changed' where title = 'first'`,
    `delete from tasks where title like 'seed%'`,
    `create table if not exists tasks (id int)`,
    `create table sessions (token text)`,
    `create index on sessions (token)`,
    `insert into sessions values ('t')`,
  )
  const { results } = await grade(
    exercise(`
    test('rows', { id: 'rows', task: 'one' }, async ({ db }) => {
      expect(await db.query('select * from tasks order by id')).toEqual([{ id: 1, title: 'changed', done: false }, { id: 3, title: 'mine', done: true }])
      expect(await db.query('select title from tasks where id = $1', [3])).toEqual([{ title: 'mine' }])
      const all = await Promise.all([1, 2, 3].map(n => db.query('select $1::int as n', [n])))
      expect(all).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]])
      expect(await db.query("select 1::bigint as big, 1.50::numeric as n, null as nothing, '2026-01-02T03:04:05Z'::timestamptz as at, '{\\"a\\":1}'::jsonb as j"))
        .toEqual([{ big: '1', n: '1.50', nothing: null, at: new Date('2026-01-02T03:04:05Z'), j: { a: 1 } }])
    })
    test('own tables', { id: 'own-tables', task: 'one' }, async ({ db }) => { expect(await db.query('select token from sessions')).toEqual([{ token: 't' }]) })
    test('errors', { id: 'errors', task: 'one' }, async ({ db }) => {
      await expect(db.query('select nope from tasks')).rejects.toMatchObject({ code: '42703' })
      await expect(db.query('select 1; select 2')).rejects.toMatchObject({ code: '42601' })
      await expect(db.query("insert into tasks (title) values ('x')")).rejects.toMatchObject({ code: '42501' })
      await expect(db.mustFail('select 1')).rejects.toThrow('migration exercises only')
      expect(await db.query('select count(*)::int as n from tasks')).toEqual([{ n: 2 }])
    })`),
    ends,
  )
  expect(results).toMatchObject({ rows: { status: 'passed' }, 'own-tables': { status: 'passed' }, errors: { status: 'passed' } })
  expect(failures).toEqual([])
})

test('the seed file knows the grading’s seed, and its own rights', async () => {
  const { ends, failures } = programOf(`insert into notes values (1, 'x')`, `delete from tasks`)
  const { results } = await grade(
    exercise(
      `test('it', { id: 'it', task: 'one' }, async ({ db, seed }) => {
        expect(await db.query('select title from tasks where id = 2')).toEqual([{ title: 'seed ' + seed }])
        await db.query("update notes set text = 'by the test'")
      })`,
      {
        'seed.sql': `insert into tasks (title) values ('first'), ('seed ' || current_setting('assay.seed')); revoke delete on tasks from learner; grant update, select on notes to inspector;`,
      },
    ),
    ends,
    { seed: 4711 },
  )
  expect(results['it']).toMatchObject({ status: 'passed' })
  expect(failures).toEqual(['permission denied for table tasks'])
})

describe('between files', () => {
  test('the database is as new, then the program starts: before the first it is only made', async () => {
    const { ends, actions, failures } = programOf(
      `insert into tasks (title) values ('mine')`,
      `select 1 / (current_setting('search_path') <> 'elsewhere')::int`,
      `alter role learner set search_path = elsewhere`,
    )
    const file = (id: string) => `import { test, expect } from 'assay'
      test('${id}', { id: '${id}', task: 'one' }, async ({ db }) => { expect(await db.query('select count(*)::int as n from tasks')).toEqual([{ n: 3 }]) })`
    const { results, messages } = await grade(
      exercise('', { 'tests/hidden/a.test.ts': file('a'), 'tests/hidden/b.test.ts': file('b') }),
      ends,
    )
    expect(results).toMatchObject({ a: { status: 'passed' }, b: { status: 'passed' } })
    expect(failures).toEqual([])
    expect(actions).toEqual(['db.reset', 'db.reset', 'subject.restart'])
    expect(messages.map(({ type }) => type)).toEqual([
      'control',
      'ready',
      'test-start',
      'test-end',
      'control',
      'control',
      'test-start',
      'test-end',
      'end',
    ])
  })
})

describe('a program that would deceive or hinder the tests', () => {
  const ATTACKS: [name: string, statements: string[], refused: (string | RegExp)[]][] = [
    [
      'can’t put something else in the place of a table',
      [
        'drop table tasks cascade',
        'alter table tasks rename to gone',
        'create view tasks as select 1',
        'alter table tasks disable trigger all',
      ],
      ['must be owner of table tasks', 'must be owner of table tasks', 'relation "tasks" already exists', 'must be owner of table tasks'],
    ],
    [
      'can’t take the tests’ rights away',
      [
        'revoke all on tasks from inspector',
        'alter table tasks enable row level security',
        'alter role inspector nologin',
        'alter database app connection limit 0',
      ],
      [
        /REVOKE is not allowed|no privileges/,
        'must be owner of table tasks',
        'permission denied to alter role',
        'must be owner of database app',
      ],
    ],
    [
      'can’t make functions that answer for PostgreSQL’s',
      [
        `create function public.upper(varchar) returns text language sql as $$ select 'forged' $$`,
        `create aggregate public.max(varchar) (sfunc = text_smaller, stype = text)`,
        `create operator public.= (leftarg = varchar, rightarg = varchar, function = textne)`,
        `do $$ begin execute 'create function public.lower(varchar) returns text language sql as ''select 1::text'''; end $$`,
        `create type public.upper as range (subtype = varchar)`,
        `create type public.upper as enum ('first')`,
        `create type public.upper as (title text)`,
        `create type public.mine as enum ('first'); alter type public.mine rename to upper`,
        `create domain public.text as varchar`,
        `create schema own`,
        `drop event trigger assay_guard`,
        `alter event trigger assay_guard disable`,
      ],
      [
        'CREATE FUNCTION is not allowed in this exercise',
        'CREATE AGGREGATE is not allowed in this exercise',
        'CREATE OPERATOR is not allowed in this exercise',
        'CREATE FUNCTION is not allowed in this exercise',
        ...Array<string>(4).fill('a type that can be called like a function is not allowed in this exercise'),
        'CREATE DOMAIN is not allowed in this exercise',
        'CREATE SCHEMA is not allowed in this exercise',
        'must be owner of event trigger assay_guard',
        'must be owner of event trigger assay_guard',
      ],
    ],
    [
      'can’t reach beyond its database',
      [
        `copy tasks to program 'id'`,
        `select pg_read_file('/etc/passwd')`,
        `select lo_create(0)`,
        `alter system set work_mem = '1GB'`,
        `set session authorization assay`,
        `create database other`,
        `create role other`,
        `create extension plpython3u`,
        `load 'x'`,
      ],
      [
        /permission denied/,
        /permission denied/,
        /permission denied/,
        /permission denied/,
        /permission denied/,
        /permission denied/,
        /permission denied/,
        /./,
        /./,
      ],
    ],
  ]

  test.each(ATTACKS)('%s', async (_name, statements, refused) => {
    const { ends, failures } = programOf(...statements)
    const { results } = await grade(
      exercise(`test('it', { id: 'it', task: 'one' }, async ({ db }) => {
        expect(await db.query("select upper(title) as title, max(title) over () as most from tasks where title = 'first'")).toEqual([{ title: 'FIRST', most: 'first' }])
      })`),
      ends,
    )
    expect(results['it']).toMatchObject({ status: 'passed' })
    expect(failures).toHaveLength(refused.length)
    for (const [at, words] of refused.entries()) expect(failures[at]).toMatch(words)
  })

  test('can’t get into the template, nor keep the database from being made anew', async () => {
    const { ends } = programOf()
    const held: Client[] = []
    const { broken, results } = await grade(
      exercise('', {
        'tests/hidden/a.test.ts': `import { test } from 'assay'\ntest('a', { id: 'a', task: 'one' }, () => {})`,
        'tests/hidden/b.test.ts': `import { test } from 'assay'\ntest('b', { id: 'b', task: 'one' }, () => {})`,
      }),
      {
        ...ends,
        control: async action => {
          if (action === 'subject.restart') return
          await makeDatabaseAnew()
          await expect(server.connect('learner', 'app_template')).rejects.toThrow('not currently accepting connections')
          await expect(server.connect('learner', 'postgres')).rejects.toThrow('permission denied for database')
          const client = await server.connect('learner', 'app')
          client.on('error', () => {})
          await client.query(`begin; lock table tasks`)
          held.push(client)
        },
      },
    )
    expect(broken).toBeUndefined()
    expect(Object.keys(results)).toHaveLength(2)
    for (const client of held) await client.end().catch(() => {})
  })

  test('a lock that it holds ends the test at its limit, and so does a result that never ends', async () => {
    const { ends } = programOf(
      `insert into tasks (title) select 'task ' || n from generate_series(1, 1000) n`,
      `insert into notes select 1, repeat('x', 100000) from generate_series(1, 400)`,
    )
    let holder: Client | undefined
    const { results } = await grade(
      exercise(`
        test('bomb', { id: 'bomb', task: 'one' }, ({ db }) => db.query('select * from notes'))
        test('locked', { id: 'locked', task: 'one', timeLimitMs: 500 }, ({ db }) => db.query('select * from tasks'))
        test('slow', { id: 'slow', task: 'one', timeLimitMs: 500 }, ({ db }) => db.query('select pg_sleep(60)'))`),
      {
        ...ends,
        control: async action => {
          await ends.control?.(action)
          holder = await server.connect('learner', 'app')
          await holder.query('begin; lock table tasks')
        },
      },
    )
    expect(results['bomb']).toMatchObject({ status: 'failed', message: expect.stringContaining('The query gave more than 16 MiB.') })
    expect(results).toMatchObject({ locked: { status: 'timed_out' }, slow: { status: 'timed_out' } })
    expect(results['locked']!.message).toContain('It was waiting for the database to answer "select * from tasks".')
    await holder?.end()
  })
})

test.each([
  [
    'schema.sql',
    { 'schema.sql': 'create table x (id int);\ncreate tabel y (id int);' },
    'this SQL fails, line 2: syntax error at or near "tabel"',
  ],
  ['seed.sql', { 'seed.sql': `insert into tasks (title) values ('a'), ('a')` }, 'duplicate key value'],
])('a broken %s is the exercise’s fault', async (file, files, words) => {
  const { ends } = programOf()
  const { broken } = await grade(exercise(`test('it', { id: 'it', task: 'one' }, () => {})`, files), ends)
  expect(broken).toMatchObject({ type: 'broken', file })
  expect(broken!.message).toContain(words)
})
