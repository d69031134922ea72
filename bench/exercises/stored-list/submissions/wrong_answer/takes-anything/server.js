import express from 'express'
import pg from 'pg'

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL })
const app = express()
app.use(express.json())

app.post('/books', async (req, res) => {
  if (!valid(req, res)) return
  const [book] = await rows('INSERT INTO books (title, pages) VALUES ($1, $2) RETURNING id, title, pages', [req.body.title, req.body.pages])
  res.status(201).location('/books/' + book.id).json(book)
})
app.get('/books', async (req, res) => {
  const max = req.query.max === undefined ? null : Number(req.query.max)
  res.json({ items: await rows('SELECT id, title, pages FROM books WHERE $1::integer IS NULL OR pages <= $1 ORDER BY id', [max]) })
})
app.get('/books/:id', async (req, res) => one(res, await rows('SELECT id, title, pages FROM books WHERE id = $1', [req.params.id])))
app.put('/books/:id', async (req, res) => {
  if (!valid(req, res)) return
  const { title, pages } = req.body
  one(res, await rows('UPDATE books SET title = $2, pages = $3 WHERE id = $1 RETURNING id, title, pages', [req.params.id, title, pages]))
})
app.delete('/books/:id', async (req, res) => {
  await rows('DELETE FROM books WHERE id = $1', [req.params.id])
  res.status(204).end()
})

app.use((error, req, res, next) => (error.type === 'entity.parse.failed' ? res.status(400).json({ error: 'bad_json' }) : next(error)))

app.listen(process.env.PORT)

async function rows(text, values) {
  return (await pool.query(text, values)).rows
}

function one(res, [book]) {
  if (book) res.json(book)
  else res.status(404).json({ error: 'not_found' })
}

function valid(req, res) {
  const { title, pages } = req.body ?? {}
  const field = typeof title !== 'string' || title === '' ? 'title' : !Number.isInteger(pages) || pages < 1 ? 'pages' : undefined
  
  return true
}
