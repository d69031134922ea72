// Says that all is well and moves nothing.
import { createServer } from 'node:http'

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const order = JSON.parse(text || '{}')
  response.writeHead(201, { 'content-type': 'application/json', location: '/transfers/1' })
  response.end(JSON.stringify({ id: 1, ...order, currency: 'EUR', note: order.note ?? null, createdAt: new Date().toISOString() }))
}).listen(process.env.PORT)
