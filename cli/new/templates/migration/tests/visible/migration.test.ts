import { expect, test } from 'assay'

test(
  'reaches the new schema',
  { id: 'days-schema', task: 'days', hint: 'Each line of the difference names what is missing, what is too much, and what is otherwise.' },
  async ({ migration }) => {
    await migration.up()
    await migration.expectSchema()
  },
)

test(
  'comes back to the old schema',
  { id: 'back-schema', task: 'back', hint: 'What up.sql changed last is undone first.' },
  async ({ migration, db }) => {
    await migration.up()
    // Nothing that is undone must not pass where nothing was done.
    expect(await db.query("SELECT 1 FROM members WHERE joined > date '1900-01-01'"), 'known days').not.toEqual([])
    await migration.down()
    await migration.expectOldSchema()
  },
)
