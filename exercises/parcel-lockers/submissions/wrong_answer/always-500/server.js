// Refuses everything.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.writeHead(500, { 'content-type': 'application/json' })
  response.end('{"error":"internal"}')
}).listen(process.env.PORT)
