import { createServer } from 'node:http'

const entries = []

createServer(async (request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(value))
  }
  if (request.url !== '/entries') return answer(404, { error: 'not_found' })
  if (request.method === 'GET') return answer(200, entries)
  let body = ''
  for await (const chunk of request) body += chunk
  const { text } = JSON.parse(body)
  if (typeof text !== 'string' || text.trim() === '') return answer(422, { error: 'invalid' })
  const entry = { id: entries.length + 1, text }
  entries.push(entry)
  answer(201, entry)
}).listen(Number(process.env.PORT))
