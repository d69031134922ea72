import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

createServer(async (request, response) => {
  const { rows } = await pool.query('SELECT count(*)::integer AS shows FROM shows')
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'unknown', shows: rows[0].shows }))
}).listen(Number(process.env.PORT), process.env.HOST)
