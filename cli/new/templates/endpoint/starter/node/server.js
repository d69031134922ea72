import { createServer } from 'node:http'

createServer((request, response) => {
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'not_found' }))
}).listen(Number(process.env.PORT))
