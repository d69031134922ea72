import { test } from 'assay'

test(
  'goes back and forth without losing a cent',
  { id: 'back-rows', task: 'back', points: 3, category: 'down, and up again' },
  async ({ migration }) => {
    await migration.expectBackAndForth()
  },
)
