import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

createServer(async (request, response) => {
  const { rows } = await pool.query('SELECT id FROM orders ORDER BY id DESC LIMIT 20')
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ orders: rows }))
}).listen(Number(process.env.PORT), process.env.HOST)
