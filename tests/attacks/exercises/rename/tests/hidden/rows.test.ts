import { expect, random, test } from 'assay'

test('CANARY-NAME keeps every row', { id: 'canary-rows', task: 'rows', points: 5, category: 'rows' }, async ({ migration, db }) => {
  await migration.up()
  const wanted = migration.seeded.rows('people').map(({ id, name, mail }) => ({ id: Number(id), name, email: mail }))
  expect(await db.query('SELECT id, name, email FROM people ORDER BY id')).toEqual(wanted.toSorted((one, other) => one.id - other.id))
})

test('CANARY-NAME keeps to its rules', { id: 'canary-rules', task: 'schema', points: 3, category: 'rules' }, async ({ migration, db }) => {
  await migration.up()
  const insert = 'INSERT INTO people (name, email) VALUES ($1, $2) RETURNING id'
  await db.mustFail(insert, [random.word(), ''], { code: '23514' })
  await db.mustFail(insert, [random.word(), 'ada@example.org'], { code: '23505' })
  expect(await db.mustWork(insert, [random.word(), 'new@example.org'])).toHaveLength(1)
})
