import { test } from 'assay'

test(
  'reaches the new schema',
  {
    id: 'schema-equal',
    task: 'schema',
    hint: 'Each line of the difference names what is missing, what is too much, and what is otherwise.',
  },
  async ({ migration }) => {
    await migration.up()
    await migration.expectSchema()
  },
)

test(
  'takes no lock on the orders that lasts',
  {
    id: 'open-locks',
    task: 'open',
    hint: 'The table of locks in the report shows which statement took which. Is there a way to build an index while others write?',
  },
  async ({ migration }) => {
    // Where up did nothing, there is nothing that could have locked.
    await migration.up()
    await migration.expectSchema()
    await migration.expectNoLock('orders', ['ShareLock', 'ExclusiveLock'])
    await migration.expectNoLock('orders', ['AccessExclusiveLock'], { whileOthersRun: true })
  },
)
