import { createServer } from 'node:http'

createServer((request, response) => response.end('done')).listen(process.env.PORT, 'localhost')
