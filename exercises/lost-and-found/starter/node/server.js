import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

createServer(async (request, response) => {
  const { rows } = await pool.query('SELECT count(*)::integer AS finds FROM finds')
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'not_found', finds: rows[0].finds }))
}).listen(Number(process.env.PORT), process.env.HOST)
