import { randomInt } from 'node:crypto'

const SIZES = { S: [8, 38, 60], M: [20, 38, 60], L: [38, 40, 60] }
const NO_FIELDS = {}

export class Refusal extends Error {
  constructor(status, body) {
    super(body.error)
    this.status = status
    this.body = body
  }
}

export class Stations {
  #stations = new Map()
  #parcels = new Map()

  open(body) {
    const { name, compartments } = fields(body, { name: isText, compartments: areCompartments })
    const id = `st_${this.#stations.size + 1}`
    const taken = { S: [], M: [], L: [] }
    for (const size of Object.keys(SIZES)) taken[size].length = compartments[size] ?? 0
    this.#stations.set(id, { id, name, taken, parcels: [], wrong: 0 })
    return this.describe(id)
  }

  describe(id) {
    const { name, taken } = this.#station(id)
    const free = Object.fromEntries(Object.entries(taken).map(([size, places]) => [size, Array.from(places).filter(place => !place).length]))
    return { id, name, free }
  }

  dropOff(stationId, body) {
    const station = this.#station(stationId)
    const { recipient, sides } = fields(body, { recipient: isText, sides: areSides })
    const sorted = sides.toSorted((one, other) => one - other)
    const fitting = Object.keys(SIZES).filter(size => sorted.every((side, at) => side <= SIZES[size][at]))
    if (fitting.length === 0) throw new Refusal(422, { error: 'too_large' })
    const size = fitting.find(candidate => Array.from(station.taken[candidate]).some(place => !place))
    if (!size) throw new Refusal(409, { error: 'full' })
    const place = Array.from(station.taken[size]).findIndex(taken => !taken)
    const parcel = { id: `pa_${this.#parcels.size + 1}`, station: stationId, recipient, compartment: `${size}${place + 1}`, state: 'waiting' }
    const kept = { parcel, size, place, code: newCode(station) }
    station.taken[size][place] = true
    station.parcels.push(kept)
    this.#parcels.set(parcel.id, kept)
    return { ...parcel, code: kept.code }
  }

  pickUp(stationId, body) {
    const station = this.#station(stationId)
    const { code } = fields(body, { code: value => typeof value === 'string' && /^[0-9]{6}$/.test(value) })
    if (station.wrong >= 3) throw new Refusal(423, { error: 'locked' })
    const found = waiting(station).find(kept => kept.code === code)
    if (!found) {
      station.wrong += 1
      throw new Refusal(404, { error: 'unknown_code' })
    }
    station.wrong = 0
    station.taken[found.size][found.place] = false
    found.parcel.state = 'collected'
    return found.parcel
  }

  unlock(stationId) {
    this.#station(stationId).wrong = 0
  }

  parcel(id) {
    const found = this.#parcels.get(id)
    if (!found) throw new Refusal(404, { error: 'not_found' })
    return found.parcel
  }

  list(stationId, query) {
    const { parcels } = this.#station(stationId)
    const state = query.get('state')
    const limit = query.get('limit') ?? '20'
    const after = query.get('after')
    const from = after === null ? 0 : parcels.findIndex(({ parcel }) => parcel.id === after) + 1
    const wrong = [
      state !== null && state !== 'waiting' && state !== 'collected' && 'state',
      !(/^[0-9]{1,3}$/.test(limit) && Number(limit) >= 1 && Number(limit) <= 100) && 'limit',
      after !== null && from === 0 && 'after',
    ].filter(Boolean)
    if (wrong.length > 0) throw new Refusal(422, { error: 'invalid', fields: wrong })
    const rest = parcels.slice(from).map(({ parcel }) => parcel).filter(parcel => state === null || parcel.state === state)
    const items = rest.slice(0, Number(limit))
    return { items, next: rest.length > items.length ? items.at(-1).id : null }
  }

  #station(id) {
    const station = this.#stations.get(id)
    if (!station) throw new Refusal(404, { error: 'not_found' })
    return station
  }
}

function fields(body, rules) {
  const given = typeof body === 'object' && body !== null ? body : NO_FIELDS
  const wrong = Object.keys(rules).filter(name => !rules[name](given[name]))
  if (wrong.length > 0) throw new Refusal(422, { error: 'invalid', fields: wrong })
  return given
}

function isText(value) {
  return typeof value === 'string' && value.trim() !== '' && value.length <= 80
}

function areCompartments(value) {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const counts = Object.values(value)
  return (
    Object.keys(value).every(size => Object.hasOwn(SIZES, size)) &&
    counts.every(count => Number.isInteger(count) && count >= 0 && count <= 50) &&
    counts.some(count => count > 0)
  )
}

function areSides(value) {
  return Array.isArray(value) && value.length === 3 && value.every(side => typeof side === 'number' && side > 0)
}

function waiting(station) {
  return station.parcels.filter(({ parcel }) => parcel.state === 'waiting')
}

function newCode(station) {
  for (;;) {
    const code = String(randomInt(1_000_000)).padStart(6, '0')
    if (!waiting(station).some(kept => kept.code === code)) return code
  }
}
