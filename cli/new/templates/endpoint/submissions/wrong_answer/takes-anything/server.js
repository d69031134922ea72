import express from 'express'

const entries = []
const app = express()
app.use(express.json())
app.get('/entries', (request, response) => response.json(entries))
app.post('/entries', (request, response) => {
  const entry = { id: entries.length + 1, text: request.body.text }
  entries.push(entry)
  response.status(201).json(entry)
})
app.listen(Number(process.env.PORT))
