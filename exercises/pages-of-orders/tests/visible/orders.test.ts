import { expect, random, test } from 'assay'
import { countRows, idsOf, newestOrders } from '../shop.ts'

test(
  'lists the newest orders with their items',
  { id: 'list-newest', task: 'list', hint: 'Highest id first; the total is the sum of quantity times price.' },
  async ({ http, db }) => {
    const limit = random.integer(5, 15)
    const { status, json } = await http.get(`/orders?limit=${limit}`)
    expect(status).toBe(200)
    expect(json).toEqual({ orders: await newestOrders(db, limit) })
  },
)

test(
  'costs no more for a longer page',
  {
    id: 'cheap-page',
    task: 'cheap',
    hint: 'A statement that is run once for each order can be run once for all of them: join, or ask for all ids with = ANY($1).',
  },
  async ({ http, db }) => {
    const { statements } = await db.cost(async () => {
      const { json } = await http.get('/orders?limit=40')
      expect(json.orders).toEqual(await newestOrders(db, 40))
    })
    expect(statements, 'statements for a page of 40 orders').toBeLessThanOrEqual(4)
  },
)

test(
  'stores an order with its items',
  { id: 'place-stored', task: 'place', hint: 'The positions are 1, 2, 3 … in the order of the request.' },
  async ({ http, db }) => {
    const customerId = random.pick(await idsOf(db, 'customers'))
    const items = random.sample(await idsOf(db, 'products'), 3).map(productId => ({ productId, quantity: random.integer(1, 20) }))
    const before = await countRows(db)
    const { status, json } = await http.post('/orders', { json: { customerId, items } })
    expect(status).toBe(201)
    expect([json]).toEqual(await newestOrders(db, 1))
    expect(json.items.map((item: { quantity: number }) => item.quantity)).toEqual(items.map(({ quantity }) => quantity))
    expect(await countRows(db)).toEqual({ orders: before.orders + 1, items: before.items + 3 })
  },
)
