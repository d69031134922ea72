// Asks the database for nothing, which is cheap.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end('{"orders":[]}')
}).listen(Number(process.env.PORT), process.env.HOST)
