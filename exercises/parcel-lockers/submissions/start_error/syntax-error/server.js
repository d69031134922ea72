// A bracket is missing.
import { createServer } from 'node:http'

createServer((request, response) => {
  response.end('{}'
}).listen(process.env.PORT)
