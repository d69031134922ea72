import { test } from 'assay'

// Each test of the way back has a file, and with it a database, of its own: one that goes nowhere leaves none to the next.
test('restores every row', { id: 'back-rows', task: 'back', points: 5, category: 'rows after down' }, async ({ migration }) => {
  await migration.up()
  await migration.down()
  await migration.expectSnapshot()
})
