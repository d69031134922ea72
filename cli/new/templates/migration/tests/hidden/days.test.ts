import { expect, test } from 'assay'

test('keeps every day', { id: 'days-all', task: 'days', points: 3, category: 'days that are known' }, async ({ migration, db }) => {
  const wanted = migration.seeded.rows('members').map(({ id, name, joined }) => ({ id: Number(id), name, joined: joined || null }))
  await migration.up()
  const rows = await db.query('SELECT id, name, joined::text FROM members ORDER BY id')
  expect(rows).toEqual(wanted.toSorted((one, other) => one.id - other.id))
})

test(
  'takes an unknown day',
  { id: 'days-unknown', task: 'days', points: 1, category: 'days that nobody knows' },
  async ({ migration, db }) => {
    await migration.up()
    await db.mustWork("INSERT INTO members VALUES (1000, 'New', NULL)")
    await db.mustFail("INSERT INTO members VALUES (1001, 'New', '2027-02-30')", [], { code: '22008' })
  },
)
