import express from 'express'

const books = new Map()
const app = express()
app.use(express.json())

app.param('id', (req, res, next, id) => {
  req.book = books.get(id)
  if (!req.book) return res.status(404).json({ error: 'not_found' })
  next()
})

app.post('/books', (req, res) => {
  if (!valid(req, res)) return
  const book = { id: String(books.size + 1), title: req.body.title, pages: req.body.pages }
  books.set(book.id, book)
  res.status(201).location('/books/' + book.id).json(book)
})
app.get('/books', (req, res) => {
  const max = req.query.max === undefined ? Infinity : Number(req.query.max)
  res.json({ items: [...books.values()].filter(book => book.pages <= max) })
})
app.get('/books/:id', (req, res) => res.json(req.book))
app.put('/books/:id', (req, res) => {
  if (!valid(req, res)) return
  Object.assign(req.book, { title: req.body.title, pages: req.body.pages })
  res.json(req.book)
})
app.delete('/books/:id', (req, res) => {
  books.delete(req.book.id)
  res.status(204).end()
})

app.use((error, req, res, next) => (error.type === 'entity.parse.failed' ? res.status(400).json({ error: 'bad_json' }) : next(error)))

app.listen(process.env.PORT)

function valid(req, res) {
  const { title, pages } = req.body ?? {}
  const field = typeof title !== 'string' || title === '' ? 'title' : !Number.isInteger(pages) || pages < 1 ? 'pages' : undefined
  
  return true
}
