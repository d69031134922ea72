import { expect, random, test } from 'assay'
import { dropOff, expectRefusal, freeOf, LARGE, MEDIUM, openStation, pickUp, SMALL, wrongCode } from '../station.ts'

test(
  'opens a station and shows it again',
  { id: 'station-opens', task: 'station', hint: 'Does GET answer what POST answered? Location holds the path of the new station.' },
  async ({ http }) => {
    const name = random.word()
    const compartments = { S: random.integer(1, 9), M: random.integer(1, 9), L: random.integer(1, 9) }
    const opened = await http.post('/stations', { json: { name, compartments } })
    expect(opened.status).toBe(201)
    expect(opened.json).toEqual({ id: expect.stringMatching(/^[\w-]+$/), name, free: compartments })
    expect(opened.headers['location']).toBe(`/stations/${opened.json.id}`)
    const shown = await http.get(`/stations/${opened.json.id}`)
    expect(shown.status).toBe(200)
    expect(shown.json).toEqual(opened.json)
    expectRefusal(await http.get(`/stations/${opened.json.id}x`), 404, 'not_found')
  },
)

test(
  'puts a parcel into the smallest compartment that fits',
  { id: 'drop-off-smallest', task: 'drop-off', hint: 'Sort the sides before you compare them: a parcel may be turned.' },
  async ({ http }) => {
    const station = await openStation(http, { S: 2, M: 1, L: 1 }, 'Harbour')
    const parcel = await dropOff(http, station, [30, 7.5, 20], 'Grace')
    expect(parcel).toEqual({
      id: expect.stringMatching(/^[\w-]+$/),
      station,
      recipient: 'Grace',
      compartment: 'S1',
      state: 'waiting',
      code: expect.stringMatching(/^\d{6}$/),
    })
    expect((await dropOff(http, station, LARGE, 'Ada')).compartment).toBe('L1')
    expect((await dropOff(http, station, MEDIUM, 'Ada')).compartment).toBe('M1')
    expect(await freeOf(http, station)).toEqual({ S: 1, M: 0, L: 0 })
  },
)

test(
  'hands the parcel out for its code',
  { id: 'pick-up-by-code', task: 'pick-up', hint: 'The compartment is free again, and the parcel is "collected" wherever it is shown.' },
  async ({ http }) => {
    const station = await openStation(http, { S: 1 }, 'Harbour')
    const { code, ...parcel } = await dropOff(http, station, SMALL, 'Ada')
    const taken = await pickUp(http, station, code)
    expect(taken.status).toBe(200)
    expect(taken.json).toEqual({ ...parcel, state: 'collected' })
    expect((await http.get(`/parcels/${parcel.id}`)).json).toEqual({ ...parcel, state: 'collected' })
    expect(await freeOf(http, station)).toEqual({ S: 1, M: 0, L: 0 })
  },
)

test(
  'locks a station after three wrong codes',
  { id: 'lock-after-three', task: 'lock', hint: 'The third wrong code is still a 404; from then on every pick-up is a 423.' },
  async ({ http }) => {
    const station = await openStation(http, { S: 1 }, 'Harbour')
    const parcel = await dropOff(http, station, SMALL, 'Ada')
    for (const digit of [1, 2, 3]) expectRefusal(await pickUp(http, station, wrongCode([parcel], digit)), 404, 'unknown_code')
    expectRefusal(await pickUp(http, station, wrongCode([parcel])), 423, 'locked')
    expect((await http.post(`/stations/${station}/unlock`)).status).toBe(204)
    expect((await pickUp(http, station, parcel.code)).status).toBe(200)
  },
)

test(
  'lists parcels in the order in which they came',
  { id: 'list-in-order', task: 'list', hint: 'Items look as GET /parcels/<id> shows them. On the last page next is null.' },
  async ({ http }) => {
    const station = await openStation(http, { S: 3 }, 'Harbour')
    const parcels = []
    for (const recipient of ['Ada', 'Grace', 'Edsger']) {
      const { code: _, ...parcel } = await dropOff(http, station, SMALL, recipient)
      parcels.push(parcel)
    }
    const { status, json } = await http.get(`/stations/${station}/parcels`)
    expect(status).toBe(200)
    expect(json).toEqual({ items: parcels, next: null })
  },
)

test(
  'names the fields that are wrong',
  { id: 'refuse-fields', task: 'refuse', hint: 'All of the wrong fields, not only the first one. What is right must still be taken.' },
  async ({ http }) => {
    const refused = await http.post('/stations', { json: { name: '', compartments: { S: -1 } } })
    expectRefusal(refused, 422, 'invalid')
    expect(refused.json.fields.toSorted()).toEqual(['compartments', 'name'])
    const half = await http.post('/stations', { json: { name: 'Harbour', compartments: { XL: 1 } } })
    expect({ status: half.status, fields: half.json.fields }).toEqual({ status: 422, fields: ['compartments'] })
    await openStation(http, { S: 1 }, 'Harbour')
  },
)
