import { expect, random, test } from 'assay'
import { countRows, idsOf, newestOrders } from '../shop.ts'

test(
  'stores sixty items in six statements at most',
  { id: 'place-cheap', task: 'place', points: 4, category: 'statements of a large order' },
  async ({ http, db }) => {
    const [customers, products] = [await idsOf(db, 'customers'), await idsOf(db, 'products')]
    for (const count of [1, 60]) {
      // The same product may come several times.
      const items = Array.from({ length: count }, () => ({ productId: random.pick(products), quantity: random.integer(1, 1000) }))
      const { statements } = await db.cost(async () => {
        const { status, json } = await http.post('/orders', { json: { customerId: random.pick(customers), items } })
        expect(status).toBe(201)
        expect([json]).toEqual(await newestOrders(db, 1))
        expect(json.items.map((item: { quantity: number }) => item.quantity)).toEqual(items.map(({ quantity }) => quantity))
      })
      expect(statements, `statements for an order of ${count}`).toBeLessThanOrEqual(6)
    }
  },
)

test(
  'stores nothing of what it refuses',
  { id: 'place-refused', task: 'place', points: 3, category: 'refused orders' },
  async ({ http, db }) => {
    const customerId = random.pick(await idsOf(db, 'customers'))
    const productId = random.pick(await idsOf(db, 'products'))
    const good = { productId, quantity: 2 }
    const cases: [order: object, status: number, answer: object][] = [
      [{ customerId, items: [] }, 422, { error: 'invalid', field: 'items' }],
      [{ customerId, items: Array.from({ length: 61 }, () => good) }, 422, { error: 'invalid', field: 'items' }],
      [{ customerId, items: [good, { productId, quantity: 0 }] }, 422, { error: 'invalid', field: 'items' }],
      [{ customerId, items: [good, { productId, quantity: 1.5 }] }, 422, { error: 'invalid', field: 'items' }],
      [{ customerId: 900_000, items: [good] }, 404, { error: 'unknown', field: 'customerId' }],
      [{ customerId, items: [good, { productId: 900_000, quantity: 1 }] }, 404, { error: 'unknown', field: 'items' }],
    ]
    const before = await countRows(db)
    for (const [order, status, answer] of random.shuffle(cases)) {
      const response = await http.post('/orders', { json: order })
      expect({ status: response.status, json: response.json }, JSON.stringify(order).slice(0, 200)).toEqual({ status, json: answer })
      expect(await countRows(db), 'rows after a refusal').toEqual(before)
    }
    expect((await http.post('/orders', { json: { customerId, items: [good] } })).status).toBe(201)
  },
)
