// Gives back what it was sent.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json', location: request.url })
  request.pipe(response)
}).listen(process.env.PORT)
