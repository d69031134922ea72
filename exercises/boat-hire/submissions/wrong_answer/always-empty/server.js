// Answers everything with 200 and nothing in it.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
}).listen(Number(process.env.PORT), process.env.HOST)
