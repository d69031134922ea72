import { test } from 'assay'

test(
  'keeps every row, up and down',
  { id: 'back-rows', task: 'back', points: 3, category: 'rows after up and after down' },
  async ({ migration }) => {
    await migration.up()
    await migration.expectSchema()
    await migration.expectKept()
    await migration.down()
    await migration.expectOldSchema()
    await migration.expectKept()
  },
)
