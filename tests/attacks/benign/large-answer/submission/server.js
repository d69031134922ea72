import { createServer } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

function* pieces(left) {
  for (; left > 0; left -= 1000) yield Buffer.alloc(Math.min(1000, left), 'a')
}

const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const [, what, number] = request.url.split('/')
  if (what === 'double') return response.writeHead(200, { connection: 'keep-alive' }).end(String(2 * number))
  await pipeline(Readable.from(pieces(Number(number))), response)
})
server.listen(process.env.PORT)
