import { expect, random, test } from 'assay'
import { idsOf, newestOrders } from '../shop.ts'

test(
  'lists as many as were asked for',
  { id: 'list-limits', task: 'list', points: 3, category: 'lengths of pages' },
  async ({ http, db }) => {
    for (const limit of random.shuffle([1, random.integer(16, 60), 100]))
      expect((await http.get('/orders', { query: { limit } })).json).toEqual({ orders: await newestOrders(db, limit) })
    expect((await http.get('/orders')).json).toEqual({ orders: await newestOrders(db, 20) })
  },
)

test('refuses odd limits', { id: 'list-odd', task: 'list', points: 1, category: 'parameters' }, async ({ http, db }) => {
  for (const limit of random.shuffle(['0', '101', '-1', 'ten', '1.5', ''])) {
    const { status, json } = await http.get('/orders', { query: { limit } })
    expect({ status, json }, `limit=${limit}`).toEqual({ status: 422, json: { error: 'invalid', field: 'limit' } })
  }
  expect((await http.get('/orders?limit=2')).json.orders).toEqual(await newestOrders(db, 2))
})

test('shows what has just been placed', { id: 'list-fresh', task: 'list', points: 2, category: 'new orders' }, async ({ http, db }) => {
  const [customers, products] = [await idsOf(db, 'customers'), await idsOf(db, 'products')]
  for (let time = 0; time < 3; time++) {
    await http.get('/orders?limit=5')
    const order = { customerId: random.pick(customers), items: [{ productId: random.pick(products), quantity: random.integer(1, 900) }] }
    const placed = await http.post('/orders', { json: order })
    const { json } = await http.get('/orders?limit=5')
    expect(json.orders).toEqual(await newestOrders(db, 5))
    expect(json.orders[0]).toEqual(placed.json)
  }
})

test(
  'needs four statements at most, whatever the length of the page',
  { id: 'cheap-statements', task: 'cheap', points: 4, category: 'statements of a page' },
  async ({ http, db }) => {
    for (const limit of random.shuffle([2, random.integer(20, 60), 100])) {
      const { statements } = await db.cost(async () => {
        const { json } = await http.get('/orders', { query: { limit } })
        expect(json.orders).toEqual(await newestOrders(db, limit))
      })
      expect(statements, `statements for a page of ${limit}`).toBeLessThanOrEqual(4)
      // What asks nothing has not read the tables.
      expect(statements, `statements for a page of ${limit}`).toBeGreaterThan(0)
    }
  },
)

test(
  'has no more rows returned than the page needs',
  { id: 'cheap-rows', task: 'cheap', points: 4, category: 'rows of a page' },
  async ({ http, db }) => {
    for (const limit of random.shuffle([5, random.integer(10, 30)])) {
      const { rows } = await db.cost(async () => {
        const { json } = await http.get('/orders', { query: { limit } })
        expect(json.orders).toEqual(await newestOrders(db, limit))
      })
      expect(rows, `rows for a page of ${limit}`).toBeLessThanOrEqual(20 * limit)
    }
  },
)
