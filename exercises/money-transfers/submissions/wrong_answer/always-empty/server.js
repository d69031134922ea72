// Answers 200 {} to whatever comes.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end('{}')
}).listen(process.env.PORT)
