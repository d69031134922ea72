import { expect, random, test } from 'assay'
import { centsOf, SEEDED } from '../payments.ts'

test(
  'keeps every cent of two versions',
  { id: 'open-versions', task: 'open', points: 6, category: 'the application while up runs' },
  async ({ migration, db, seed }) => {
    let cents = 0
    let stored = 0
    const store = () => {
      const amount = random.integer(1, 5000)
      cents += amount
      stored += 1
      return amount
    }
    const one = () => random.integer(1, 1000)
    // The two versions change payments of their own: what both change at once they could not agree on either.
    const another = () => random.integer(1001, 2000)
    const more = (id: () => number) => () => {
      cents += 1
      return [id()]
    }
    await migration.upUnderTraffic({
      old: [
        {
          sql: "INSERT INTO payments (member_id, euros, paid_on) VALUES ($1, $2::numeric / 100, '2031-01-01')",
          params: () => [one(), store()],
        },
        { sql: 'UPDATE payments SET euros = euros + 0.01 WHERE id = $1', params: more(one) },
        { sql: 'SELECT euros FROM payments WHERE id = $1', params: () => [one()] },
      ],
      new: [
        { sql: "INSERT INTO payments (member_id, cents, paid_on) VALUES ($1, $2, '2031-01-01')", params: () => [one(), store()] },
        { sql: 'UPDATE payments SET cents = cents + 1 WHERE id = $1', params: more(another) },
        { sql: 'SELECT cents FROM payments WHERE id = $1', params: () => [one()] },
      ],
      newAfter: 'backfill',
      oldUntil: 'contract',
      maxWaitMs: 300,
    })
    await migration.expectSchema()
    const [now] = await db.query<{ n: number; more: string }>(
      `SELECT count(*)::int AS n, sum(cents - CASE WHEN id <= ${SEEDED} THEN ${centsOf(seed)} ELSE 0 END) AS more FROM payments`,
    )
    expect(now!.n - SEEDED, 'payments stored meanwhile that are still there').toBe(stored)
    expect(Number(now!.more), 'cents that came in meanwhile').toBe(cents)
  },
)
