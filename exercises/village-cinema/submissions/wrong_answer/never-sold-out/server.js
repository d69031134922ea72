// Sells as many seats as are asked for.
import { createServer } from 'node:http'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })

class Refusal extends Error {
  constructor(status, error) {
    super(error)
    this.status = status
  }
}

createServer(async (request, response) => {
  let answer
  try {
    answer = await route(request)
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    answer = error instanceof Refusal ? [error.status, { error: error.message }] : [500, { error: 'internal' }]
  }
  response.writeHead(answer[0], { 'content-type': 'application/json' })
  response.end(JSON.stringify(answer[1]))
}).listen(Number(process.env.PORT), process.env.HOST)

async function route(request) {
  const [, collection, id] = request.url.split('/')
  if (request.method === 'POST' && collection === 'members') return [201, await takeMember(await readJson(request))]
  if (request.method === 'POST' && collection === 'bookings') return [201, await book(await readJson(request))]
  if (request.method === 'GET' && collection === 'shows') return [200, await showOf(id)]
  throw new Refusal(404, 'unknown')
}

async function takeMember({ email, name }) {
  const { rows } = await pool.query(
    'INSERT INTO members (email, name) VALUES ($1, $2) ON CONFLICT (email) DO NOTHING RETURNING id, email, name',
    [email, name],
  )
  if (rows.length === 0) throw new Refusal(409, 'email_taken')
  return rows[0]
}

async function book({ showId, memberId }) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const { rows: [show] } = await client.query('SELECT seats FROM shows WHERE id = $1 FOR UPDATE', [showId])
    const { rowCount } = await client.query('SELECT FROM members WHERE id = $1', [memberId])
    if (!show || rowCount === 0) throw new Refusal(404, 'unknown')
    const { rows: bookings } = await client.query('SELECT member_id FROM bookings WHERE show_id = $1', [showId])
    if (bookings.some(booking => booking.member_id === memberId)) throw new Refusal(409, 'already_booked')
    const { rows: [{ id }] } = await client.query('INSERT INTO bookings (show_id, member_id) VALUES ($1, $2) RETURNING id', [showId, memberId])
    await client.query('COMMIT')
    return { id, showId, memberId }
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

async function showOf(id) {
  const { rows } = await pool.query(
    `SELECT id, title, seats, seats - (SELECT count(*) FROM bookings WHERE show_id = shows.id)::integer AS free
     FROM shows WHERE id::text = $1`,
    [id],
  )
  if (rows.length === 0) throw new Refusal(404, 'unknown')
  return rows[0]
}

async function readJson(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  return JSON.parse(text)
}
