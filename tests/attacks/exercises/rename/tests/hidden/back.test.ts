import { expect, test } from 'assay'

test('CANARY-NAME goes back', { id: 'canary-back', task: 'rows', points: 2, category: 'the way back' }, async ({ migration, db }) => {
  await migration.up()
  expect(await db.query('SELECT email FROM people LIMIT 1'), 'the new column').toHaveLength(1)
  await migration.down()
  await migration.expectSnapshot()
})
