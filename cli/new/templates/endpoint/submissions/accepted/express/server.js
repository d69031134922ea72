import express from 'express'

const entries = []
const app = express()
app.use(express.json())
app.get('/entries', (request, response) => response.json(entries))
app.post('/entries', (request, response) => {
  const { text } = request.body
  if (typeof text !== 'string' || text.trim() === '') return response.status(422).json({ error: 'invalid' })
  const entry = { id: entries.length + 1, text }
  entries.push(entry)
  response.status(201).json(entry)
})
app.listen(Number(process.env.PORT))
