import { expect, test } from 'assay'

test('CANARY-NAME fills every total', { id: 'canary-totals', task: 'total', points: 5, category: 'totals' }, async ({ migration, db }) => {
  await migration.up()
  const wrong = `SELECT count(*)::integer AS wrong FROM orders LEFT JOIN
    (SELECT order_id, sum(price * amount) AS total FROM lines GROUP BY order_id) AS summed ON order_id = orders.id
    WHERE orders.total IS DISTINCT FROM coalesce(summed.total, 0)`
  expect(await db.query(wrong)).toEqual([{ wrong: 0 }])
})
