// Fastify: what the contract says of requests stands in its schemas.
import { randomUUID } from 'node:crypto'
import Fastify from 'fastify'

const name = { type: 'string', minLength: 1, maxLength: 60 }
const kind = { enum: ['canoe', 'dinghy', 'rowing-boat'] }
const seats = { type: 'integer', minimum: 1, maximum: 12 }
const hire = { guest: { type: 'string', minLength: 1, maxLength: 80 }, hours: { type: 'number', minimum: 0.5, maximum: 12, multipleOf: 0.5 } }

const all = properties => ({ body: { type: 'object', properties, required: Object.keys(properties), additionalProperties: false } })
const some = properties => ({ body: { type: 'object', properties, additionalProperties: false } })

const boats = new Map()
const app = Fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: false } } })

// Parameters of an address are texts; what they mean is read here.
const whole = most => ({ type: 'string', pattern: '^[1-9]\\d*$', maxLength: String(most).length })
const listed = { querystring: { type: 'object', properties: { kind, seats: whole(12), limit: whole(50) } } }

app.setErrorHandler((error, _, reply) => {
  if (error.validation) return reply.code(422).send({ error: 'invalid', fields: error.validation.map(each => each.instancePath.slice(1)) })
  if (error.statusCode < 500) return reply.code(400).send({ error: 'bad_json' })
  console.error(error)
  return reply.code(500).send({ error: 'invalid' })
})
app.setNotFoundHandler((_, reply) => reply.code(404).send({ error: 'not_found' }))

app.get('/boats', { schema: listed }, async (request, reply) => {
  const { kind, seats = '1', limit = '20' } = request.query
  if (Number(seats) > 12 || Number(limit) > 50) return reply.code(422).send({ error: 'invalid' })
  const found = [...boats.values()].filter(boat => boat.seats >= Number(seats) && (!kind || boat.kind === kind))
  return { items: found.slice(0, Number(limit)), total: found.length }
})

app.post('/boats', { schema: all({ name, kind, seats }) }, async (request, reply) => {
  const boat = { id: randomUUID(), ...request.body, hire: null }
  boats.set(boat.id, boat)
  return reply.code(201).header('location', '/boats/' + boat.id).send(boat)
})

app.register(async one => {
  one.decorateRequest('boat', null)
  // Before the body is looked at: what isn't there is not found, whatever stands in the body.
  one.addHook('onRequest', async (request, reply) => {
    request.boat = boats.get(request.params.boatId)
    if (!request.boat) return reply.code(404).send({ error: 'not_found' })
  })
  one.get('/', async ({ boat }) => boat)
  one.patch('/', { schema: some({ name, seats }) }, async ({ boat, body }) => Object.assign(boat, body))
  one.delete('/', async ({ boat }, reply) => {
    boats.delete(boat.id)
    return reply.code(204).send()
  })
  one.put('/hire', { schema: all(hire) }, async ({ boat, body }, reply) => {
    if (boat.hire) return reply.code(409).send({ error: 'taken' })
    boat.hire = body
    return boat
  })
  one.delete('/hire', async ({ boat }) => Object.assign(boat, { hire: null }))
}, { prefix: '/boats/:boatId' })

await app.listen({ port: Number(process.env.PORT), host: process.env.HOST })
