import { expect, test } from 'assay'

test(
  'comes to its end when it is run again',
  { id: 'killed-anywhere', task: 'killed', points: 4, category: 'a step that was killed and run again' },
  async ({ migration, db }) => {
    // Where up does nothing, nothing can be interrupted.
    await migration.up()
    await migration.expectSchema()
    const [wrong] = await db.query('SELECT count(*)::int AS n FROM payments WHERE cents = 0 AND id <= 1000')
    expect(wrong!.n).toBeLessThan(100)
    await migration.expectResumable({ before: 'DELETE FROM payments WHERE id > 20000' })
  },
)
