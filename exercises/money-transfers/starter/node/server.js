import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

createServer(async (request, response) => {
  const { rows } = await pool.query('SELECT count(*) AS accounts FROM accounts')
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'account_not_found', accounts: rows[0].accounts }))
}).listen(Number(process.env.PORT), process.env.HOST)
