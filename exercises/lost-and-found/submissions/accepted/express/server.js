// Express, a connection for each request, and an exit of its own once the last answer is out.
import express from 'express'
import pg from 'pg'

const app = express()
app.use(express.json({ limit: 65536, strict: false, type: () => true }))

const asText = value => (typeof value === 'string' && value.length >= 1 && Array.from(value).length <= 200 ? value : undefined)

app.post('/finds', async (request, response) => {
  const what = asText(request.body?.what)
  const place = asText(request.body?.place)
  if (what === undefined || place === undefined) return response.status(422).json({ error: 'invalid' })
  const [find] = await ask('INSERT INTO finds (what, place) VALUES ($1, $2) RETURNING id, what, place', [what, place])
  response.status(201).json(find)
})

app.get('/finds/:id', async (request, response) => {
  const { id } = request.params
  const [find] = /^[1-9][0-9]{0,8}$/.test(id) ? await ask('SELECT id, what, place FROM finds WHERE id = $1', [id]) : []
  if (find) response.json(find)
  else response.status(404).json({ error: 'not_found' })
})

app.use((request, response) => response.status(404).json({ error: 'not_found' }))

app.use((error, request, response, next) => {
  if (error.type === 'entity.too.large') return response.status(413).json({ error: 'too_large' })
  if (error.type === 'entity.parse.failed') return response.status(400).json({ error: 'malformed' })
  console.error(error.message)
  response.status(503).json({ error: 'unavailable' })
})

async function ask(text, values) {
  const client = new pg.Client({ connectionString: process.env.DATABASE_URL })
  client.on('error', () => {})
  try {
    await client.connect()
    return (await client.query(text, values)).rows
  } finally {
    await client.end().catch(() => {})
  }
}

const server = app.listen(Number(process.env.PORT), process.env.HOST)
process.once('SIGTERM', () => server.close(() => process.exit(0)))
