import { createServer } from 'node:http'

createServer((request, response) => response.end('Hello!')).listen(process.env.PORT)
