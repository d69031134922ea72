import { test } from 'assay'

test('reaches the new schema', { id: 'schema-equal', task: 'schema', hint: 'Name each column and constraint.' }, async ({ migration }) => {
  await migration.up()
  await migration.expectSchema()
})
