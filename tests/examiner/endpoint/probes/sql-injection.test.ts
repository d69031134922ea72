import type { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleOf, grade, hiddenFile, type Grading } from '../../../support/examiner-harness.ts'
import { startPostgres, type TestServer } from '../../../support/postgres.ts'
import { send, startProbedServer, type Program, type ProbedServer } from './probed-server.ts'

const SCHEMA = `
  create table notes (id int generated always as identity primary key, title text, author text);
  create table users (name text, password text);
  insert into notes (title, author) select 'note ' || n, 'ada' from generate_series(1, 9) n;
  insert into users values ('ada', 'secret');`

let postgres: TestServer
let database: Client
let server: ProbedServer

const rows = async (sql: string, values: unknown[] = []) => (await database.query({ text: sql, values })).rows as Record<string, unknown>[]
const q = (url: URL) => url.searchParams.get('q')!

/** Answers with what `find` gives; its errors become a 500, or what `onError` says. */
function answering(find: (value: string) => Promise<unknown>, onError?: unknown): Program {
  return async ({ url }, response) => {
    try {
      send(response, 200, await find(q(url)))
    } catch (error) {
      if (onError === undefined) throw error
      send(response, 200, onError)
    }
  }
}

function signIn(find: (name: string, password: string) => Promise<unknown[]>): Program {
  return async ({ url }, response) => {
    const found = await find(q(url), url.searchParams.get('password')!)
    send(response, found.length > 0 ? 200 : 401, {})
  }
}

/** Stores a name with a parameter; what lists by it later may not. */
function stored(list: (name: string) => Promise<unknown>): Program {
  return async ({ method, url, parts }, response) => {
    if (method === 'POST') return send(response, 201, (await rows(`insert into users values ($1, '') returning name`, [q(url)]))[0])
    return send(response, 200, await list(decodeURIComponent(parts[0]!)))
  }
}

let wrong = 0
let asked = 0

const PROGRAMS: Record<string, Program> = {
  'weak-like': answering(value => rows(`select * from notes where title like '%${value}%' order by id`)),
  'weak-equal': answering(value => rows(`select * from notes where (title = '${value}')`)),
  'weak-silent': answering(value => rows(`select count(*)::int as n from notes where title = '${value}'`), { n: 0 }),
  'weak-number': answering(value => rows(`select * from notes where id = ${value}`)),
  'weak-limit': answering(value => rows(`select * from notes limit ${value}`), []),
  'weak-sort': answering(value => rows(`select * from notes order by ${value} limit 3`)),
  'weak-quoted-sort': answering(value => rows(`select * from notes order by "${value}" limit 3`), []),
  'weak-insert': answering(value => rows(`insert into notes (title, author) values ('${value}', 'bob') returning id`)),
  'weak-doubled-once': answering(value => rows(`select * from notes where title = '${value.replace("'", "''")}'`)),
  'weak-sign-in': signIn((name, password) => rows(`select * from users where name = '${name}' and password = '${password}'`)),
  'weak-stored': stored(name => rows(`select * from notes where author = '${name}'`)),
  'safe-like': answering(value => rows(`select * from notes where title like '%' || $1 || '%' order by id`, [value])),
  'safe-number': answering(value => rows(`select * from notes where id = $1`, [value])),
  'safe-parsed': answering(value => rows(`select * from notes where id = ${parseInt(value, 10)}`)),
  'safe-sort': answering(value => rows(`select * from notes order by ${value.startsWith('title') ? 'title' : 'id'}`)),
  'safe-insert': answering(value => rows(`insert into notes (title, author) values ($1, 'bob') returning *`, [value])),
  'safe-quoted': answering(value => rows(`select * from notes where title = '${value.replaceAll("'", "''")}'`)),
  'safe-stored': stored(name => rows('select * from notes where author = $1', [name])),
  'safe-sign-in': signIn((name, password) => rows('select * from users where name = $1 and password = $2', [name, password])),
  'safe-locks': ({ url }, response) => {
    if (q(url) !== 'note 1') wrong++
    return wrong > 3 ? send(response, 423, {}) : send(response, q(url) === 'note 1' ? 200 : 404, { left: 3 - wrong })
  },
  'safe-turns': (_, response) => send(response, 200, asked++ % 2 === 0 ? [] : [1]),
  'safe-counts-words': answering(async value => {
    const words = value.split(/\W+/)
    return {
      words: words.length,
      different: new Set(words).size,
      sorted: words.toSorted(),
      shout: value.toUpperCase(),
      length: value.length,
    }
  }),
  'safe-tells-back': ({ url }, response) =>
    response.end(`<p>Nothing called ${q(url).replaceAll('<', '&lt;').replaceAll("'", '&#39;')}</p>`),
}

/** What is sent to each: by default a title that is there. */
const VALUES: Record<string, string> = {
  number: `'1'`,
  parsed: `'1'`,
  limit: `'5'`,
  sort: `'title'`,
  'quoted-sort': `'title'`,
  'sign-in': `'ada'`,
}

function code(program: string): string {
  const value = VALUES[program.replace(/^\w+-/, '')] ?? `'note 1'`
  if (program.endsWith('stored'))
    return `probes.sqlInjection(q => http.post('/${program}', { query: { q } }), { value: () => random.unique(random.word), afterwards: ({ json }) => http.get('/${program}/' + encodeURIComponent(json.name)) })`
  return `probes.sqlInjection(q => http.get('/${program}', { query: { q, password: 'secret' } }), { value: ${value} })`
}

let results: Grading['results']
beforeAll(async () => {
  postgres = await startPostgres()
  database = await postgres.connect('assay', 'postgres')
  await database.query(SCHEMA)
  server = await startProbedServer(PROGRAMS)
  const tests = Object.keys(PROGRAMS).map(id => `test('${id}', { id: '${id}', task: 'one' }, ({ http }) => ${code(id)})`)
  results = (await grade(bundleOf(hiddenFile(`import { probes } from 'assay'\n${tests.join('\n')}`)), { subject: server.port })).results
}, 120_000)
afterAll(async () => {
  await database.end()
  await server[Symbol.asyncDispose]()
  await postgres[Symbol.asyncDispose]()
})

test.each(Object.keys(PROGRAMS))('%s', program => {
  const { status, message = '' } = results[program]!
  if (program.startsWith('safe-')) expect({ status, message }).toEqual({ status: 'passed', message: '' })
  else {
    expect(status).toBe('failed')
    expect(message).toMatch(
      program.endsWith('stored') ? /^SQL injection of second order: / : /^SQL injection: a value becomes part of a statement\.\n/,
    )
  }
})
