// Counts and stores in one statement: it looks as one thing, and the count is still of the moment when it began.
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
  const { rows: [known] } = await pool.query(
    'SELECT EXISTS (SELECT FROM shows WHERE id = $1) AND EXISTS (SELECT FROM members WHERE id = $2) AS both', [showId, memberId])
  if (!known.both) throw new Refusal(404, 'unknown')
  const { rows: [stored] } = await pool.query(
    `INSERT INTO bookings (show_id, member_id)
     SELECT $1, $2 WHERE (SELECT count(*) FROM bookings WHERE show_id = $1) < (SELECT seats FROM shows WHERE id = $1)
     ON CONFLICT DO NOTHING RETURNING id`,
    [showId, memberId],
  )
  if (stored) return { id: stored.id, showId, memberId }
  const { rowCount } = await pool.query('SELECT FROM bookings WHERE show_id = $1 AND member_id = $2', [showId, memberId])
  throw new Refusal(409, rowCount > 0 ? 'already_booked' : 'sold_out')
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
