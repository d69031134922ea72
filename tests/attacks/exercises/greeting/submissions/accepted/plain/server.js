import { createServer } from 'node:http'

createServer((request, response) => {
  const name = new URL(request.url, 'http://localhost').searchParams.get('name')
  response.writeHead(name ? 200 : 422, { 'content-type': 'text/plain' }).end(name ? `Hello, ${name}!` : 'a name is missing')
}).listen(process.env.PORT)
