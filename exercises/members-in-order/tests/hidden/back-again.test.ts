import { test } from 'assay'

test('goes up again to the same rows', { id: 'back-again', task: 'back', points: 3, category: 'up, down, up' }, async ({ migration }) => {
  await migration.up()
  const first = await migration.snapshot()
  await migration.down()
  // Going up from anywhere else would be an error of up's, and it is down that is looked at here.
  await migration.expectOldSchema()
  await migration.up()
  await migration.expectSnapshot(first)
})
