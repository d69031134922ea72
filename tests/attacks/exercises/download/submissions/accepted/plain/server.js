import { createServer } from 'node:http'

createServer((request, response) => {
  const [, what, number] = request.url.split('/')
  response.end(what === 'bytes' ? 'a'.repeat(number) : String(2 * number))
}).listen(process.env.PORT)
