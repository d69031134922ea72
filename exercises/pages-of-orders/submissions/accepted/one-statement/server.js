// node:http; PostgreSQL puts each page together, in a single statement; an order is stored by one, too.
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

const ORDER = `
  SELECT orders.id, customers.name AS customer, coalesce(own.total, 0) AS "totalCents", coalesce(own.items, '[]') AS items
  FROM orders JOIN customers ON customers.id = customer_id
  LEFT JOIN LATERAL (
    SELECT sum(quantity * price_cents)::integer AS total,
           json_agg(json_build_object('product', products.name, 'quantity', quantity, 'priceCents', price_cents) ORDER BY position) AS items
    FROM items JOIN products ON products.id = product_id WHERE order_id = orders.id
  ) AS own ON true`

async function list(limit) {
  return (await pool.query(`${ORDER} ORDER BY orders.id DESC LIMIT $1`, [limit])).rows
}

async function place(order) {
  const { customerId, items } = check(order)
  const values = [customerId, items.map(({ productId }) => productId), items.map(({ quantity }) => quantity)]
  const { rows: [stored] } = await pool.query(
    `WITH stored AS (
       INSERT INTO orders (customer_id) SELECT id FROM customers
       WHERE id = $1 AND NOT EXISTS (SELECT FROM unnest($2::integer[]) AS wanted WHERE wanted NOT IN (SELECT id FROM products)) RETURNING id
     )
     INSERT INTO items (order_id, position, product_id, quantity)
     SELECT stored.id, position, product_id, quantity
     FROM stored, unnest($2::integer[], $3::integer[]) WITH ORDINALITY AS item (product_id, quantity, position) RETURNING order_id`,
    values,
  )
  if (stored) return (await pool.query(`${ORDER} WHERE orders.id = $1`, [stored.order_id])).rows[0]
  const { rowCount } = await pool.query('SELECT FROM customers WHERE id = $1', [customerId])
  throw new Refusal(404, 'unknown', rowCount === 0 ? 'customerId' : 'items')
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
