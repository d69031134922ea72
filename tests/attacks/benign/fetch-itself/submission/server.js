import { createServer } from 'node:http'

const url = host => `http://${host}:${process.env.PORT}`

createServer(async (request, response) => {
  if (request.url.startsWith('/part')) return response.end(request.url.slice(5))
  const parts = await Promise.all(
    Array.from({ length: 100 }, async (_, part) => (await fetch(`${url(part % 2 ? 'localhost' : '127.0.0.1')}/part${part}`)).text()),
  )
  response.end(parts.every((text, part) => Number(text) === part) ? 'done' : parts.join())
}).listen(process.env.PORT)
