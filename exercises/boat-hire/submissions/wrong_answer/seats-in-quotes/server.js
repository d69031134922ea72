// Seats are taken as a text, too.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'

const KINDS = ['canoe', 'dinghy', 'rowing-boat']
const boats = new Map()

// A length is counted in characters, not in the halves of which some are made.
const text = most => value => typeof value === 'string' && value.length > 0 && [...value].length <= most
const NAME = text(60)
const GUEST = text(80)
const SEATS = value => value !== '' && Number.isInteger(Number(value)) && !Array.isArray(value) && value >= 1 && value <= 12
const KIND = value => KINDS.includes(value)
const HOURS = value => typeof value === 'number' && value >= 0.5 && value <= 12 && Number.isInteger(value * 2)

createServer(async (request, response) => {
  let answer
  try {
    answer = await answerTo(request)
  } catch (error) {
    console.error(error)
    answer = { status: 500, json: { error: 'internal' } }
  }
  const { status, json, headers } = answer
  response.writeHead(status, { ...(json && { 'content-type': 'application/json' }), ...headers })
  response.end(json && JSON.stringify(json))
}).listen(Number(process.env.PORT), process.env.HOST)

async function answerTo(request) {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const [, boats, id, hire, ...more] = pathname.split('/')
  if (boats !== 'boats' || more.length > 0 || (hire !== undefined && hire !== 'hire')) return notFound()
  const route = `${request.method} ${hire ? 'hire' : id === undefined ? 'boats' : 'boat'}`
  if (route === 'GET boats') return list(searchParams)
  if (route === 'POST boats') return withBody(request, add)
  return withBoat(id, request, route)
}

async function withBoat(id, request, route) {
  const boat = boats.get(id)
  if (!boat) return notFound()
  if (route === 'GET boat') return shown(boat)
  if (route === 'PATCH boat') return withBody(request, body => change(boat, body))
  if (route === 'DELETE boat') return remove(boat)
  if (route === 'PUT hire') return withBody(request, body => hire(boat, body))
  if (route === 'DELETE hire') return endHire(boat)
  return notFound()
}

async function withBody(request, handle) {
  const text = Buffer.concat(await request.toArray()).toString()
  let body
  try {
    body = JSON.parse(text)
  } catch {
    return { status: 400, json: { error: 'bad_json' } }
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return invalid([])
  return handle(body)
}

function notFound() {
  return { status: 404, json: { error: 'not_found' } }
}

function invalid(fields) {
  return { status: 422, json: { error: 'invalid', fields } }
}

function shown(json, status = 200) {
  return { status, json }
}

/** The fields that are wrong: not as their rule says, missing, or none of the contract's. */
function wrongFields(body, rules, required = Object.keys(rules)) {
  const wrong = Object.keys(body).filter(field => !Object.hasOwn(rules, field) || !rules[field](body[field]))
  return [...wrong, ...required.filter(field => !(field in body))]
}

function list(query) {
  const fields = []
  const whole = (name, most, otherwise) => {
    const given = query.get(name)
    if (given === null) return otherwise
    const value = Number(given)
    if (!/^\d+$/.test(given) || value < 1 || value > most) fields.push(name)
    return value
  }
  const limit = whole('limit', 50, 20)
  const seats = whole('seats', 12, 1)
  const kind = query.get('kind')
  if (kind !== null && !KIND(kind)) fields.push('kind')
  if (fields.length > 0) return invalid(fields)
  const found = [...boats.values()].filter(boat => boat.seats >= seats && (kind === null || boat.kind === kind))
  return shown({ items: found.slice(0, limit), total: found.length })
}

function add(body) {
  const fields = wrongFields(body, { name: NAME, kind: KIND, seats: SEATS })
  if (fields.length > 0) return invalid(fields)
  const { name, kind, seats } = body
  const boat = { id: randomUUID(), name, kind, seats, hire: null }
  boats.set(boat.id, boat)
  return { ...shown(boat, 201), headers: { location: `/boats/${boat.id}` } }
}

function change(boat, body) {
  const fields = wrongFields(body, { name: NAME, seats: SEATS }, [])
  if (fields.length > 0) return invalid(fields)
  return shown(Object.assign(boat, body))
}

function remove({ id }) {
  boats.delete(id)
  return { status: 204 }
}

function hire(boat, body) {
  const fields = wrongFields(body, { guest: GUEST, hours: HOURS })
  if (fields.length > 0) return invalid(fields)
  if (boat.hire) return { status: 409, json: { error: 'taken' } }
  boat.hire = { guest: body.guest, hours: body.hours }
  return shown(boat)
}

function endHire(boat) {
  boat.hire = null
  return shown(boat)
}
