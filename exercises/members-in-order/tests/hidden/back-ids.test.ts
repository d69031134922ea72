import { expect, test } from 'assay'
import { highestIds } from '../highest-ids.ts'

test(
  'goes on after the highest id there, too',
  { id: 'back-ids', task: 'back', points: 2, category: 'new rows after down' },
  async ({ migration, db, seed }) => {
    await migration.up()
    await migration.down()
    const [member] = await db.mustWork<{ id: number }>(
      "INSERT INTO members (full_name, email) VALUES ('New', 'new@club.example') RETURNING id",
    )
    const [payment] = await db.mustWork<{ id: number }>(
      "INSERT INTO payments (member_id, amount, paid_on) VALUES (1, 0.05, '2026-05-05') RETURNING id",
    )
    const highest = highestIds(seed)
    expect([member!.id, payment!.id]).toEqual([highest.member + 1, highest.payment + 1])
  },
)
