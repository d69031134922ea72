import { expect, test } from 'assay'

const cents = (dues: string | null | undefined) => Math.round(Number(dues) * 100)

test('has the wanted schema', { id: 'schema', task: 'dues' }, async ({ migration }) => {
  await migration.up()
  await migration.expectSchema()
})

test('keeps every cent', { id: 'cents', task: 'dues' }, async ({ migration, db }) => {
  await migration.up()
  const wanted = migration.seeded.rows('members').map(({ id, dues }) => ({ id: Number(id), dues_cents: cents(dues) }))
  const found = await db.query('SELECT id, dues_cents FROM members ORDER BY id')
  expect(found).toEqual(wanted.toSorted((one, other) => one.id - other.id))
})

test('refuses negative dues', { id: 'check', task: 'dues' }, async ({ migration, db }) => {
  await migration.up()
  await db.mustFail("INSERT INTO members (name, dues_cents) VALUES ('Nobody', -1)", [], { code: '23514' })
})

test('refuses payments of nobody', { id: 'foreign-key', task: 'dues' }, async ({ migration, db }) => {
  await migration.up()
  await db.mustFail("INSERT INTO payments (member_id, paid_on) VALUES (100000, '2027-01-01')", [], { code: '23503' })
})

test('leads back, with every row', { id: 'back', task: 'dues' }, async ({ migration }) => {
  await migration.up()
  await migration.down()
  await migration.expectOldSchema()
  await migration.expectSnapshot()
})
