// Fastify, which answers 413 as soon as it knows how long the body is, and closes the connection without reading it.
import Fastify from 'fastify'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 })
// A lost idle connection is replaced when the next is needed.
pool.on('error', error => console.error('lost a connection:', error.message))

const app = Fastify({ bodyLimit: 65536 })

app.setErrorHandler((error, request, reply) => {
  if (error.statusCode === 413) return reply.code(413).send({ error: 'too_large' })
  if (error.statusCode === 400) return reply.code(400).send({ error: 'malformed' })
  console.error(error.message)
  return reply.code(503).send({ error: 'unavailable' })
})
app.setNotFoundHandler((request, reply) => reply.code(404).send({ error: 'not_found' }))

const isText = value => typeof value === 'string' && value.length >= 1 && [...value].length <= 200

app.post('/finds', async (request, reply) => {
  const find = request.body
  if (!isText(find?.what) || !isText(find?.place)) return reply.code(422).send({ error: 'invalid' })
  const { rows } = await pool.query('INSERT INTO finds (what, place) VALUES ($1, $2) RETURNING id, what, place', [find.what, find.place])
  return reply.code(201).send(rows[0])
})

app.get('/finds/:id', async (request, reply) => {
  const { id } = request.params
  const { rows } = /^[1-9][0-9]{0,8}$/.test(id) ? await pool.query('SELECT id, what, place FROM finds WHERE id = $1', [id]) : { rows: [] }
  return rows[0] ?? reply.callNotFound()
})

app.addHook('onClose', () => pool.end())
process.once('SIGTERM', () => app.close())

await app.listen({ port: Number(process.env.PORT), host: process.env.HOST })
