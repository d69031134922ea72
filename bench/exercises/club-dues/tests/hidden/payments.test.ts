import { expect, test } from 'assay'

test('keeps every payment', { id: 'payments', task: 'dues' }, async ({ migration, db }) => {
  const before = migration.seeded.rows('payments').length
  await migration.up()
  expect(await db.query('SELECT count(*)::integer AS count FROM payments')).toEqual([{ count: before }])
})
