import { expect, test } from 'assay'

test(
  'goes up again to the same rows',
  { id: 'back-again', task: 'back', points: 3, category: 'up, down, up' },
  async ({ migration, db }) => {
    await migration.up()
    // The same rows as the first time are worth something only when they were all there.
    expect(await db.query('SELECT id FROM members'), 'members').toHaveLength(migration.seeded.rows('members').length)
    const first = await migration.snapshot()
    await migration.down()
    // Going up from anywhere else would be an error of up's, and it is down that is looked at here.
    await migration.expectOldSchema()
    await migration.up()
    await migration.expectSnapshot(first)
  },
)
