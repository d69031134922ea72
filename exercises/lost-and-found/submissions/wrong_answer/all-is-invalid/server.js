// Tells a body that is no JSON by the same code as one that is no find.
import { createServer } from 'node:http'
import pg from 'pg'

const MOST_BYTES = 65536

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
// A lost idle connection is replaced when the next is needed.
pool.on('error', error => console.error('lost a connection:', error.message))

class Refusal extends Error {
  constructor(status, error) {
    super(error)
    this.status = status
  }
}

const server = createServer(async (request, response) => {
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  try {
    answer(...(await route(request)))
  } catch (error) {
    if (error instanceof Refusal) return answer(error.status, { error: error.message })
    console.error(error.message)
    answer(503, { error: 'unavailable' })
  }
})
server.listen(Number(process.env.PORT), process.env.HOST)

process.on('SIGTERM', () => {
  server.close(() => pool.end())
})

async function route(request) {
  const [, collection, id] = request.url.split('/')
  if (collection === 'finds' && id === undefined && request.method === 'POST') return [201, await register(await readJson(request))]
  if (collection === 'finds' && request.method === 'GET') return [200, await show(id)]
  throw new Refusal(404, 'not_found')
}

async function register(find) {
  const isText = value => typeof value === 'string' && value.length >= 1 && [...value].length <= 200
  if (!isText(find?.what) || !isText(find?.place)) throw new Refusal(422, 'invalid')
  const { rows } = await pool.query('INSERT INTO finds (what, place) VALUES ($1, $2) RETURNING id, what, place', [find.what, find.place])
  return rows[0]
}

async function show(id) {
  const { rows } = /^[1-9][0-9]{0,8}$/.test(id ?? '') ? await pool.query('SELECT id, what, place FROM finds WHERE id = $1', [id]) : { rows: [] }
  if (rows.length === 0) throw new Refusal(404, 'not_found')
  return rows[0]
}

async function readJson(request) {
  const chunks = []
  let bytes = 0
  for await (const chunk of request) {
    bytes += chunk.length
    // The rest is read as well, so that the client gets to the answer.
    if (bytes <= MOST_BYTES) chunks.push(chunk)
  }
  if (bytes > MOST_BYTES) throw new Refusal(413, 'too_large')
  try {
    return JSON.parse(Buffer.concat(chunks).toString())
  } catch {
    throw new Refusal(422, 'invalid')
  }
}
