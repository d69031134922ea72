import { expect, test } from 'assay'
import { centsOf, SEEDED } from '../payments.ts'

test(
  'turns every payment into cents',
  { id: 'schema-values', task: 'schema', points: 4, category: 'the payments after up' },
  async ({ migration, db, seed }) => {
    await migration.up()
    await migration.expectKept({ except: ['payments.euros'] })
    const [wrong] = await db.query(`SELECT count(*)::int AS n FROM payments WHERE cents IS DISTINCT FROM ${centsOf(seed)}`)
    expect(wrong!.n, 'payments with other cents than they had').toBe(0)
    const [all] = await db.query('SELECT count(*)::int AS n FROM payments')
    expect(all!.n).toBe(SEEDED)
  },
)

test(
  'goes back and forth without losing a cent',
  { id: 'back-rows', task: 'back', points: 3, category: 'down, and up again' },
  async ({ migration }) => {
    await migration.expectBackAndForth()
  },
)
