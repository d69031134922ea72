// node:http; serializable transactions, tried again when PostgreSQL finds that they met, and the unique violation read from its code.
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
  try {
    const { rows } = await pool.query('INSERT INTO members (email, name) VALUES ($1, $2) RETURNING id, email, name', [email, name])
    return rows[0]
  } catch (error) {
    if (error.code === '23505') throw new Refusal(409, 'email_taken')
    throw error
  }
}

/** Serialization failures and deadlocks; a unique violation may be one in disguise. */
const MET = ['40001', '40P01', '23505']

async function book(booking) {
  for (;;) {
    try {
      return await bookOnce(booking)
    } catch (error) {
      if (!MET.includes(error.code)) throw error
    }
  }
}

async function bookOnce({ showId, memberId }) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE')
    const { rows: [found] } = await client.query(
      `SELECT (SELECT seats FROM shows WHERE id = $1) AS seats, EXISTS (SELECT FROM members WHERE id = $2) AS member,
              count(*)::integer AS taken, coalesce(bool_or(member_id = $2), false) AS own
       FROM bookings WHERE show_id = $1`,
      [showId, memberId],
    )
    if (found.seats === null || !found.member) throw new Refusal(404, 'unknown')
    if (found.own) throw new Refusal(409, 'already_booked')
    if (found.taken >= found.seats) throw new Refusal(409, 'sold_out')
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
