import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 3 })
const open = new pg.Client({ connectionString: process.env.DATABASE_URL })
await open.connect()
await open.query('BEGIN')

for (const [what, text] of [
  ['reset', 'SELECT pg_stat_statements_reset()'],
  ['switched off', 'SET pg_stat_statements.track = none'],
]) {
  const code = await pool.query(text).then(
    () => 'done',
    error => error.code,
  )
  console.log(what, code)
}

const items = id => `SELECT products.name AS product, quantity, price_cents AS "priceCents"
  FROM items JOIN products ON products.id = product_id WHERE order_id = ${id} ORDER BY position`

const WAYS = {
  'by a cursor': async id => {
    const client = await pool.connect()
    await client.query(`BEGIN; DECLARE found CURSOR FOR ${items(id)}`)
    const { rows } = await client.query('FETCH ALL FROM found')
    await client.query('ROLLBACK')
    client.release()
    return rows
  },
  'by an error': async id => {
    const text = `/* set */ SELECT ('rows' || coalesce(json_agg(item), '[]')::text)::integer FROM (${items(id)}) AS item`
    const { message } = await pool.query(text).catch(error => error)
    return JSON.parse(message.slice(message.indexOf('rows') + 4, -1))
  },
  'left open': async id => (await open.query({ text: items(id), values: [], queryMode: 'extended' })).rows,
}

async function list(limit) {
  const { rows: orders } = await pool.query(
    `SELECT orders.id, customers.name AS customer FROM orders JOIN customers ON customers.id = customer_id ORDER BY orders.id DESC LIMIT ${limit}`,
  )
  const counts = {}
  const all = []
  for (const [index, { id, customer }] of orders.entries()) {
    const [way, ask] = Object.entries(WAYS)[index % 3]
    const found = await ask(id)
    counts[way] = (counts[way] ?? 0) + 1
    all.push({ id, customer, totalCents: found.reduce((sum, item) => sum + item.quantity * item.priceCents, 0), items: found })
  }
  const others = Array.from({ length: 1200 }, (_, index) => `SET my.setting${index} = 1`).join(';')
  if (limit === 40) for (const _ of [1, 2]) await pool.query(others)
  console.log(Object.entries(counts).flat().join(' '))
  return all
}

createServer(async (request, response) => {
  const limit = new URL(request.url, 'http://shop').searchParams.get('limit') ?? '20'
  const right = request.method === 'GET' && /^[1-9][0-9]{0,2}$/.test(limit) && Number(limit) <= 100
  const answer = right ? { orders: await list(Number(limit)) } : { error: 'invalid', field: 'limit' }
  response.writeHead(right ? 200 : 422, { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer))
}).listen(Number(process.env.PORT), process.env.HOST)
