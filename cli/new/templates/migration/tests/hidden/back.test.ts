import { test } from 'assay'

// A file of its own, and with it a database of its own: a down that goes nowhere leaves none to other tests.
test('restores every row', { id: 'back-rows', task: 'back', points: 3, category: 'rows after down' }, async ({ migration }) => {
  await migration.up()
  await migration.expectSchema()
  await migration.down()
  await migration.expectSnapshot()
})
