import type { Client, DatabaseError } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { closedSqlError, openSqlError } from '../../../examiner/sql/words/error-words.ts'
import { readQuery } from '../../../examiner/sql/query/query-text.ts'
import { startPostgres, type TestServer } from '../../support/postgres.ts'

/* What the commonest SQL mistakes are told as, by what a real parser and server say of them. */
let server: TestServer
let session: Client
beforeAll(async () => {
  server = await startPostgres()
  session = await server.connect('assay', 'postgres')
  await session.query('CREATE TABLE people (id int, name text, age int, born date); CREATE TABLE pets (id int, owner int, name text)')
  await session.query(`INSERT INTO people VALUES (1, 'Ada', 0, '2000-01-01'), (2, 'Bob', 7, NULL)`)
}, 60_000)
afterAll(async () => {
  await session?.end()
  await server?.[Symbol.asyncDispose]()
})

describe('what the parser refuses', () => {
  test.each([
    ['SELECT id, FROM people', 'a comma too many'],
    ['SELECT id FROM people WHERE id IN (1, 2,)', 'a comma too many'],
    ["SELECT id FROM people WHERE name = 'Ada", "begins with ' and never ends"],
    ['SELECT "id FROM people', 'begins with " and never ends'],
    ['SELECT id /* why FROM people', 'comment begins'],
    ['SELECT count(id FROM people', 'fault is there or right before it'],
    ['SELECT count((id)', 'opened and never closed'],
    ['SELECT (id)) FROM people', 'closed that was never opened'],
    ['SELECT `id` FROM people', 'Backticks'],
    ['SELECT [id] FROM people', 'square brackets'],
    ['SELECT TOP 5 name FROM people', 'LIMIT 5'],
    ['SELECT id FROM people LIMIT 5, 10', 'LIMIT 10 OFFSET 5'],
    ['SELECT id FROM people ORDER BY id WHERE id > 1', 'fixed order'],
    ['SELECT id FROM people GROUP BY id WHERE id > 1', 'fixed order'],
    ['SELECT id FROM (SELECT id FROM people ORDER BY id) x WHERE id > 1 GROUP id', 'right before it'],
    ['SELECT p.id FROM people AS order', 'word of SQL itself'],
    ['SELECT CASE WHEN id > 1 THEN 2 ELSE 3 FROM people', 'no END'],
    ['SELECT p.id FROM people p JOIN pets q WHERE p.id = 1', 'JOIN has no ON'],
    ['SELECT p.id FROM people p JOIN pets q ON p.id = q.owner WHRE p.id = 1', 'right before it'],
    ['SELECT id FROM people WHERE id > = 1', 'without a blank'],
    ['SELECT id FROM people WHERE', 'ends before it is complete'],
    ['SELEC id FROM people', 'right before it'],
  ])('%s', async (text, words) => {
    const refused = await readQuery({ 'query.sql': text }, 'select')
    expect(refused).toMatchObject({ sqlError: { plain: expect.stringContaining(words) } })
  })

  test.each(['SELECT 1; SELECT 2', 'DELETE FROM people', ''])('says nothing more where the words are ours already: %s', async text => {
    expect(await readQuery({ 'query.sql': text }, 'select')).not.toHaveProperty('sqlError.plain')
  })
})

describe('what the server refuses', () => {
  test.each([
    ['SELECT nam FROM people', 'no column of that name'],
    ['SELECT id FROM people WHERE name = "Ada"', 'single quotes'],
    ['SELECT id FROM people WHERE name = ‘Ada’', 'typographic'],
    ['SELECT id FROM persons', 'no table or CTE'],
    ['SELECT people.id FROM people p', 'named by the alias only'],
    ['SELECT id FROM people, pets', 'More than one table'],
    ['SELECT 1 FROM people, people', 'alias'],
    ['SELECT name, count(*) FROM people', 'whole group'],
    ['SELECT name FROM people WHERE count(*) > 1', 'HAVING'],
    ['SELECT max(count(*)) FROM people GROUP BY name', 'two steps'],
    ['SELECT id FROM people WHERE row_number() OVER () = 1', 'subquery or CTE'],
    ['SELECT DISTINCT name FROM people ORDER BY id', 'sorted by'],
    ['SELECT DISTINCT ON (name) id FROM people ORDER BY id', 'begin with the expressions'],
    ['SELECT id FROM people ORDER BY 3', 'place of a column'],
    ['SELECT id FROM people WHERE id == 1', 'one sign'],
    ['SELECT id FROM people WHERE (id = 1) && (age = 2)', 'AND and OR'],
    ['SELECT ifnull(name, 1::text) FROM people', 'coalesce'],
    ['SELECT year(born) FROM people', 'extract'],
    ['SELECT len(name) FROM people', 'length'],
    ['SELECT group_concat(name) FROM people', 'string_agg'],
    ['SELECT id FROM people WHERE name = 1', 'compare like with like'],
    ['SELECT foo(id) FROM people', 'no function of that name'],
    ['SELECT id FROM people WHERE age', 'true or false'],
    ['SELECT id FROM people UNION SELECT name FROM people', 'matched by their place'],
    ['SELECT id FROM people UNION SELECT id, name FROM people', 'same number of columns'],
    ['SELECT id FROM people WHERE id = (SELECT id, name FROM people)', 'one column'],
    ['SELECT id FROM people WHERE id = (SELECT id FROM people)', 'several rows'],
    ['SELECT 1 / age FROM people', 'nullif'],
    ['SELECT name::int FROM people', 'is none'],
    ["SELECT '2027-13-01'::date", 'does not exist'],
    ["SELECT 'yesterdayish'::date", 'no date'],
    ['SELECT 2000000000 + id * 2000000000 FROM people', 'too large'],
    ['SELECT CASE WHEN id = 1 THEN name ELSE age END FROM people', 'one type'],
  ])('%s', async (text, words) => {
    const error = (await session.query(text).catch((error: unknown) => error)) as DatabaseError
    expect(openSqlError(error, { statement: text })).toMatchObject({ plain: expect.stringContaining(words) })
  })

  test.each([
    ['CREATE INDEX CONCURRENTLY ON people (id)', 'no-transaction'],
    ['DO $$ BEGIN COMMIT; END $$', 'where no transaction is open'],
    [`SELECT 'high'::mood`, 'a step of its own'],
  ])('in a transaction: %s', async (text, words) => {
    await session.query("CREATE TYPE mood AS ENUM ('low')")
    await session.query('BEGIN')
    await session.query("ALTER TYPE mood ADD VALUE 'high'")
    const error = (await session.query(text).catch((error: unknown) => error)) as DatabaseError
    await session.query('ROLLBACK')
    await session.query('DROP TYPE mood')
    expect(closedSqlError(error, { statement: text }, new Set())).toMatchObject({ plain: expect.stringContaining(words) })
  })

  test('quotes nothing of rows that are hidden', async () => {
    const text = `SELECT query_to_xml('SELECT "' || name || '" FROM people', true, true, '') FROM people`
    const error = (await session.query(text).catch((error: unknown) => error)) as DatabaseError
    expect(error.message).toContain('Ada')
    expect(JSON.stringify(closedSqlError(error, { statement: text }, new Set(['query_to_xml'])))).not.toContain('Ada"')
  })
})
