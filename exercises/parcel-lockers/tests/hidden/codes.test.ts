import { expect, random, test } from 'assay'
import { dropOff, expectRefusal, freeOf, openStation, pickUp, post, SMALL, wrongCode } from '../station.ts'

test(
  'takes a code once, and in its own station only',
  { id: 'pick-up-once', task: 'pick-up', points: 3, category: 'used and foreign codes' },
  async ({ http }) => {
    const station = await openStation(http, { S: 3 })
    const other = await openStation(http, { S: 3 }, 'Lighthouse pier')
    const parcel = await dropOff(http, station, SMALL)
    expectRefusal(await pickUp(http, other, parcel.code), 404, 'unknown_code')
    expect((await pickUp(http, station, parcel.code)).json.id).toBe(parcel.id)
    expectRefusal(await pickUp(http, station, parcel.code), 404, 'unknown_code')
    expect(await freeOf(http, station)).toEqual({ S: 3, M: 0, L: 0 })
  },
)

test(
  'hands out the parcel that the code belongs to',
  { id: 'pick-up-right-one', task: 'pick-up', points: 3, category: 'many parcels' },
  async ({ http }) => {
    const station = await openStation(http, { S: 12 })
    const parcels = []
    for (let count = 0; count < 12; count++) parcels.push(await dropOff(http, station, SMALL, random.unique(random.name)))
    expect(new Set(parcels.map(parcel => parcel.id)).size, 'different ids').toBe(12)
    for (const { code, ...parcel } of random.shuffle(parcels)) {
      expect((await pickUp(http, station, code)).json).toEqual({ ...parcel, state: 'collected' })
    }
  },
)

test(
  'hands nothing out while it is locked',
  { id: 'lock-holds', task: 'lock', points: 3, category: 'locked stations' },
  async ({ http }) => {
    const station = await openStation(http, { S: 2 })
    const other = await openStation(http, { S: 2 })
    const parcel = await dropOff(http, station, SMALL)
    const foreign = await dropOff(http, other, SMALL)
    for (const digit of [4, 5, 6]) await pickUp(http, station, wrongCode([parcel], digit))
    expectRefusal(await pickUp(http, station, parcel.code), 423, 'locked')
    expect((await http.get(`/parcels/${parcel.id}`)).json.state).toBe('waiting')
    expect((await pickUp(http, other, foreign.code)).status, 'a pick-up in another station').toBe(200)
    await dropOff(http, station, SMALL)
    expect(await freeOf(http, station)).toEqual({ S: 0, M: 0, L: 0 })
    await http.post(`/stations/${station}/unlock`)
    for (const digit of [4, 5]) expectRefusal(await pickUp(http, station, wrongCode([parcel], digit)), 404, 'unknown_code')
    expect((await pickUp(http, station, parcel.code)).status, 'after unlocking and two wrong codes').toBe(200)
  },
)

test(
  'counts wrong codes in a row only',
  { id: 'lock-in-a-row', task: 'lock', points: 3, category: 'counting wrong codes' },
  async ({ http }) => {
    const station = await openStation(http, { S: 3 })
    const parcels = [await dropOff(http, station, SMALL), await dropOff(http, station, SMALL), await dropOff(http, station, SMALL)]
    for (const parcel of parcels) {
      for (const digit of [7, 8]) expectRefusal(await pickUp(http, station, wrongCode(parcels, digit)), 404, 'unknown_code')
      expect((await pickUp(http, station, parcel.code)).status).toBe(200)
    }
    for (const digit of [7, 8]) await pickUp(http, station, wrongCode(parcels, digit))
    expect((await http.post(`/stations/${station}/unlock`)).status, 'unlocking a station that is not locked').toBe(204)
    for (const digit of [1, 2, 3]) expectRefusal(await pickUp(http, station, wrongCode(parcels, digit)), 404, 'unknown_code')
  },
)

test('does not count malformed codes', { id: 'lock-malformed', task: 'lock', points: 2, category: 'malformed codes' }, async ({ http }) => {
  const station = await openStation(http, { S: 1 })
  const parcel = await dropOff(http, station, SMALL)
  for (const digit of [1, 2]) await pickUp(http, station, wrongCode([parcel], digit))
  for (const code of ['12345', '1234567', '12345a', ' 12345', Number(parcel.code), null, undefined, { code: parcel.code }]) {
    const refused = await pickUp(http, station, code)
    expectRefusal(refused, 422, 'invalid')
    expect(refused.json.fields).toEqual(['code'])
  }
  expectRefusal(await pickUp(http, station, wrongCode([parcel], 3)), 404, 'unknown_code')
  expectRefusal(await pickUp(http, station, 'abc'), 422, 'invalid')
  expectRefusal(await pickUp(http, station, parcel.code), 423, 'locked')
})

test(
  'finds every wrong field of a station',
  { id: 'refuse-station', task: 'refuse', points: 3, category: 'validation' },
  async ({ http }) => {
    const names = [undefined, null, 7, '', '   ', 'x'.repeat(81), ['a']]
    const compartments = [
      undefined,
      null,
      3,
      [],
      [1, 2],
      {},
      { S: 0, M: 0 },
      { S: 1.5 },
      { S: '2' },
      { M: 51 },
      { L: -1, S: 2 },
      { S: 1, XL: 1 },
    ]
    for (const name of names) await expectFields({ name, compartments: { S: 1 } }, ['name'])
    for (const each of compartments) await expectFields({ name: random.word(), compartments: each }, ['compartments'])
    await expectFields({ name: random.pick(names), compartments: random.pick(compartments) }, ['compartments', 'name'])
    await expectFields(null, ['compartments', 'name'])
    await expectFields([], ['compartments', 'name'])
    await openStation(http, { S: 50, M: 0, L: 1 }, 'x'.repeat(80))

    async function expectFields(json: unknown, fields: string[]): Promise<void> {
      const answer = await http.post('/stations', { json })
      const found = { status: answer.status, error: answer.json.error, fields: answer.json.fields?.toSorted() }
      expect(found, `the answer to ${JSON.stringify(json)}`).toEqual({ status: 422, error: 'invalid', fields })
    }
  },
)

test('keeps nothing of a refused parcel', { id: 'refuse-parcel', task: 'refuse', points: 3, category: 'validation' }, async ({ http }) => {
  const station = await openStation(http, { S: 2, M: 2, L: 2 })
  const sides = [undefined, null, 30, '30,7,20', [], [30, 7], [30, 7, 20, 1], [30, 0, 20], [30, -7, 20], [30, '7', 20], [30, null, 20]]
  for (const each of sides) {
    const answer = await post(http, station, each)
    expect({ status: answer.status, ...answer.json }, `sides ${JSON.stringify(each)}`).toEqual({
      status: 422,
      error: 'invalid',
      fields: ['sides'],
    })
  }
  const both = await post(http, station, [1, 2], '')
  expect(both.json.fields.toSorted()).toEqual(['recipient', 'sides'])
  expect(await freeOf(http, station)).toEqual({ S: 2, M: 2, L: 2 })
  expect((await http.get(`/stations/${station}/parcels`)).json).toEqual({ items: [], next: null })
  await dropOff(http, station, [0.5, 1, 2])
})

test(
  'tells apart what is not JSON, not there and not right',
  { id: 'refuse-order', task: 'refuse', points: 2, category: 'status codes' },
  async ({ http }) => {
    const station = await openStation(http, { S: 1 })
    const json = { 'content-type': 'application/json' }
    for (const path of ['/stations', `/stations/${station}/parcels`, `/stations/${station}/pickups`]) {
      expectRefusal(await http.post(path, { body: '{"name": ', headers: json }), 400, 'bad_json')
    }
    for (const path of ['parcels', 'pickups', 'unlock']) {
      expectRefusal(await http.post(`/stations/${station}-${random.word()}/${path}`, { json: { sides: 'none' } }), 404, 'not_found')
    }
    expectRefusal(await http.get(`/parcels/${random.letters(12)}`), 404, 'not_found')
    expectRefusal(await http.get(`/${random.word()}`), 404, 'not_found')
  },
)
