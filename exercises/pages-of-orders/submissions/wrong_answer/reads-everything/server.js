// Two statements, and all orders of the shop: the page is cut out of them in JavaScript.
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

class Refusal extends Error {
  constructor(status, error, field) {
    super(error)
    this.status = status
    this.body = { error, field }
  }
}

createServer(async (request, response) => {
  let answer
  try {
    answer = await route(request)
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    answer = error instanceof Refusal ? [error.status, error.body] : [500, { error: 'internal' }]
  }
  response.writeHead(answer[0], { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer[1]))
}).listen(Number(process.env.PORT), process.env.HOST)

async function route(request) {
  const url = new URL(request.url, 'http://shop')
  if (url.pathname !== '/orders') throw new Refusal(404, 'not_found')
  if (request.method === 'POST') return [201, await place(await readJson(request))]
  const limit = url.searchParams.get('limit') ?? '20'
  if (!/^[1-9][0-9]{0,2}$/.test(limit) || Number(limit) > 100) throw new Refusal(422, 'invalid', 'limit')
  return [200, { orders: await list(Number(limit)) }]
}

async function list(limit) {
  const { rows: orders } = await pool.query(
    'SELECT orders.id, customers.name AS customer FROM orders JOIN customers ON customers.id = customer_id',
  )
  return withItems(orders.toSorted((one, other) => other.id - one.id).slice(0, limit))
}

async function withItems(orders) {
  const { rows } = await pool.query(
    `SELECT order_id, products.name AS product, quantity, price_cents AS "priceCents"
     FROM items JOIN products ON products.id = product_id WHERE order_id = ANY($1) ORDER BY order_id, position`,
    [orders.map(({ id }) => id)],
  )
  const byOrder = Map.groupBy(rows, row => row.order_id)
  return orders.map(order => complete(order, byOrder.get(order.id) ?? []))
}

function complete({ id, customer }, rows) {
  const items = rows.map(({ product, quantity, priceCents }) => ({ product, quantity, priceCents }))
  return { id, customer, totalCents: items.reduce((sum, item) => sum + item.quantity * item.priceCents, 0), items }
}

async function place(order) {
  const { customerId, items } = check(order)
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rows: [customer] } = await client.query('SELECT name FROM customers WHERE id = $1', [customerId])
    if (!customer) throw new Refusal(404, 'unknown', 'customerId')
    const wanted = [...new Set(items.map(({ productId }) => productId))]
    const { rows: products } = await client.query('SELECT id, name, price_cents FROM products WHERE id = ANY($1)', [wanted])
    if (products.length < wanted.length) throw new Refusal(404, 'unknown', 'items')
    const { rows: [{ id }] } = await client.query('INSERT INTO orders (customer_id) VALUES ($1) RETURNING id', [customerId])
    await client.query(
      `INSERT INTO items (order_id, position, product_id, quantity)
       SELECT $1, position, product_id, quantity FROM unnest($2::integer[], $3::integer[]) WITH ORDINALITY AS item (product_id, quantity, position)`,
      [id, items.map(({ productId }) => productId), items.map(({ quantity }) => quantity)],
    )
    await client.query('COMMIT')
    const byId = new Map(products.map(product => [product.id, product]))
    const rows = items.map(({ productId, quantity }) => ({ product: byId.get(productId).name, quantity, priceCents: byId.get(productId).price_cents }))
    return complete({ id, customer: customer.name }, rows)
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

function check(order) {
  const { customerId, items } = typeof order === 'object' && order !== null ? order : {}
  const isItem = item => isId(item?.productId) && Number.isInteger(item.quantity) && item.quantity >= 1 && item.quantity <= 1000
  if (!isId(customerId)) throw new Refusal(404, 'unknown', 'customerId')
  if (!Array.isArray(items) || items.length < 1 || items.length > 60 || !items.every(isItem)) throw new Refusal(422, 'invalid', 'items')
  return { customerId, items }
}

function isId(value) {
  return Number.isInteger(value) && value >= 1 && value <= 2147483647
}

async function readJson(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
