import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 4 })

createServer(async (request, response) => {
  const [, , id, payments] = new URL(request.url, 'http://localhost').pathname.split('/')
  if (payments) {
    let body = ''
    for await (const chunk of request) body += chunk
    await pool.query('UPDATE accounts SET cents = cents + $2 WHERE id = $1', [id, JSON.parse(body).cents])
    return response.writeHead(201).end()
  }
  const { rows } = await pool.query('SELECT owner, cents FROM accounts WHERE id = $1', [id])
  if (rows.length === 0) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ owner: rows[0].owner, cents: Number(rows[0].cents) }))
}).listen(process.env.PORT)
