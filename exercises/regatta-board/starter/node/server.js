// Any way of writing an HTTP server will do: node:http as here, Express or Fastify (both are installed).
import { createServer } from 'node:http'

const server = createServer((request, response) => {
  response.writeHead(404, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ error: 'unknown' }))
})

server.listen(Number(process.env.PORT), process.env.HOST)
