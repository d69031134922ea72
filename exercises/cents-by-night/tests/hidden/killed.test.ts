import { test } from 'assay'

test(
  'comes to its end when it is run again',
  { id: 'killed-anywhere', task: 'killed', points: 4, category: 'a step that was killed and run again' },
  async ({ migration }) => {
    // Six thousand are enough to be killed among, and each run takes a moment only.
    await migration.expectResumable({ before: 'DELETE FROM payments WHERE id > 6000' })
  },
)

test(
  'refuses to run where it has been run',
  { id: 'killed-twice', task: 'killed', points: 1, category: 'up, run once more' },
  async ({ migration }) => {
    await migration.up()
    await migration.expectSchema()
    await migration.expectUpTwice('fails')
  },
)
