import { test } from 'assay'

test('reaches the new schema', { id: 'schema-equal', task: 'total', hint: 'Name each column and index.' }, async ({ migration }) => {
  await migration.up()
  await migration.expectSchema()
})
