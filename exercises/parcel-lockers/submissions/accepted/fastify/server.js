// Fastify with JSON schemas; what a schema finds is turned into the field's name.
import { randomInt, randomUUID } from 'node:crypto'
import Fastify from 'fastify'

const app = Fastify({ ajv: { customOptions: { allErrors: true, coerceTypes: false, removeAdditional: false } } })
const lockers = { S: [8, 38, 60], M: [20, 38, 60], L: [38, 40, 60] }
const stations = new Map()

const text = { type: 'string', minLength: 1, maxLength: 80, pattern: '\\S' }
const count = { type: 'integer', minimum: 0, maximum: 50 }
const object = properties => ({ type: 'object', required: Object.keys(properties), properties })
const stationBody = object({
  name: text,
  compartments: {
    type: 'object',
    additionalProperties: false,
    properties: { S: count, M: count, L: count },
    anyOf: ['S', 'M', 'L'].map(size => ({ required: [size], properties: { [size]: { minimum: 1 } } })),
  },
})
const parcelBody = object({
  recipient: text,
  sides: { type: 'array', minItems: 3, maxItems: 3, items: { type: 'number', exclusiveMinimum: 0 } },
})
const pickUpBody = object({ code: { type: 'string', pattern: '^[0-9]{6}$' } })
const listQuery = {
  type: 'object',
  properties: { state: { enum: ['waiting', 'collected'] }, limit: { type: 'string', pattern: '^([1-9][0-9]?|100)$' }, after: { type: 'string' } },
}

app.removeContentTypeParser('application/json')
app.addContentTypeParser('application/json', { parseAs: 'string' }, (_, body, done) => {
  try {
    done(null, body === '' ? undefined : JSON.parse(body))
  } catch {
    done(Object.assign(new Error('bad json'), { statusCode: 400 }))
  }
})

app.setErrorHandler((error, _, reply) => {
  if (error.validation) {
    const fields = error.validation.map(each => each.instancePath.split('/')[1] || each.params?.missingProperty)
    return reply.code(422).send({ error: 'invalid', fields: [...new Set(fields.filter(Boolean))] })
  }
  if (error.statusCode === 400) return reply.code(400).send({ error: 'bad_json' })
  reply.code(500).send({ error: 'internal' })
})
app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not_found' }))

// Runs before the body is validated: an unknown station is a 404 whatever the body.
const stationOf = async (request, reply) => {
  request.station = stations.get(request.params.id)
  if (!request.station) return reply.code(404).send({ error: 'not_found' })
}
const emptyBody = async request => {
  if (typeof request.body !== 'object' || request.body === null || Array.isArray(request.body)) request.body = {}
}

app.post('/stations', { schema: { body: stationBody }, preValidation: emptyBody }, (request, reply) => {
  const station = { id: randomUUID(), name: request.body.name, free: {}, parcels: [], mistakes: 0 }
  for (const size of Object.keys(lockers)) station.free[size] = Array.from({ length: request.body.compartments[size] ?? 0 }, (_, at) => at + 1)
  stations.set(station.id, station)
  reply.code(201).header('location', `/stations/${station.id}`).send(describe(station))
})

app.get('/stations/:id', { preValidation: stationOf }, request => describe(request.station))

app.post('/stations/:id/parcels', { schema: { body: parcelBody }, preValidation: [stationOf, emptyBody] }, (request, reply) => {
  const { station, body } = request
  const sides = body.sides.toSorted((a, b) => a - b)
  const sizes = Object.keys(lockers).filter(size => lockers[size].every((length, at) => sides[at] <= length))
  if (sizes.length === 0) return reply.code(422).send({ error: 'too_large' })
  const size = sizes.find(each => station.free[each].length > 0)
  if (size === undefined) return reply.code(409).send({ error: 'full' })
  const number = Math.min(...station.free[size])
  station.free[size] = station.free[size].filter(each => each !== number)
  const used = new Set(station.parcels.filter(parcel => parcel.state === 'waiting').map(parcel => parcel.code))
  let code
  do code = String(randomInt(1_000_000)).padStart(6, '0')
  while (used.has(code))
  const parcel = { id: randomUUID(), station: station.id, recipient: body.recipient, compartment: `${size}${number}`, state: 'waiting', code }
  station.parcels.push(parcel)
  reply.code(201).header('location', `/parcels/${parcel.id}`).send(parcel)
})

app.get('/stations/:id/parcels', { schema: { querystring: listQuery }, preValidation: stationOf }, (request, reply) => {
  const { state, limit = '20', after } = request.query
  let parcels = request.station.parcels
  if (after !== undefined) {
    const at = parcels.findIndex(parcel => parcel.id === after)
    if (at < 0) return reply.code(422).send({ error: 'invalid', fields: ['after'] })
    parcels = parcels.slice(at + 1)
  }
  parcels = parcels.filter(parcel => state === undefined || parcel.state === state)
  const items = parcels.slice(0, Number(limit)).map(withoutCode)
  return { items, next: parcels.length > items.length ? items.at(-1).id : null }
})

app.post('/stations/:id/pickups', { schema: { body: pickUpBody }, preValidation: [stationOf, emptyBody] }, (request, reply) => {
  const { station, body } = request
  if (station.mistakes >= 3) return reply.code(423).send({ error: 'locked' })
  const parcel = station.parcels.find(each => each.state === 'waiting' && each.code === body.code)
  if (!parcel) {
    station.mistakes += 1
    return reply.code(404).send({ error: 'unknown_code' })
  }
  station.mistakes = 0
  parcel.state = 'collected'
  station.free[parcel.compartment[0]].push(Number(parcel.compartment.slice(1)))
  return withoutCode(parcel)
})

app.post('/stations/:id/unlock', { preValidation: stationOf }, (request, reply) => {
  request.station.mistakes = 0
  reply.code(204).send()
})

app.get('/parcels/:id', (request, reply) => {
  for (const { parcels } of stations.values()) {
    const parcel = parcels.find(each => each.id === request.params.id)
    if (parcel) return withoutCode(parcel)
  }
  return reply.callNotFound()
})

await app.listen({ port: Number(process.env.PORT), host: process.env.HOST })

function describe({ id, name, free }) {
  return { id, name, free: { S: free.S.length, M: free.M.length, L: free.L.length } }
}

function withoutCode({ code, ...parcel }) {
  return parcel
}
