// oxlint-disable typescript/no-floating-promises -- the runner itself waits for its tests
/* The submitted migration, run forth and back, and what must hold in between: as the exercise's tests have it. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import { openDatabase } from './database.mjs'

const COLUMNS = `SELECT table_name, column_name, data_type, is_nullable FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`
const read = name => readFile(`/submission/${name}.sql`, 'utf8')
const rows = async (text, client = db) => (await client.query(text)).rows
let db, wanted, oldColumns, oldMembers, oldPayments

before(async () => {
  db = await openDatabase('app', ['schema.sql', 'seed.sql'])
  wanted = await openDatabase('wanted', ['wanted.sql'])
  oldColumns = await rows(COLUMNS)
  oldMembers = await rows('SELECT * FROM members ORDER BY id')
  oldPayments = await rows('SELECT * FROM payments ORDER BY id')
  await db.query(await read('up'))
})
after(() => Promise.all([db.end(), wanted.end()]))

test('has the wanted schema', async () => assert.deepEqual(await rows(COLUMNS), await rows(COLUMNS, wanted)))
test('keeps every cent', async () => {
  const members = oldMembers.map(({ id, dues }) => ({ id, dues_cents: Math.round(Number(dues) * 100) }))
  assert.deepEqual(await rows('SELECT id, dues_cents FROM members ORDER BY id'), members)
})
test('refuses negative dues', () => assert.rejects(rows("INSERT INTO members (name, dues_cents) VALUES ('Nobody', -1)"), { code: '23514' }))
test('refuses payments of nobody', () =>
  assert.rejects(rows("INSERT INTO payments (member_id, paid_on) VALUES (100000, '2027-01-01')"), { code: '23503' }))
test('leads back, with every row', async () => {
  await db.query(await read('down'))
  assert.deepEqual(await rows(COLUMNS), oldColumns)
  assert.deepEqual(await rows('SELECT * FROM members ORDER BY id'), oldMembers)
  assert.deepEqual(await rows('SELECT * FROM payments ORDER BY id'), oldPayments)
})
