import { expect, random, test } from 'assay'
import { dropOff, expectRefusal, freeOf, LARGE, MEDIUM, openStation, pickUp, post, SMALL, type Parcel } from '../station.ts'

const SIZES = { S: [8, 38, 60], M: [20, 38, 60], L: [38, 40, 60] }

test('keeps stations apart', { id: 'stations-apart', task: 'station', points: 2, category: 'stations' }, async ({ http }) => {
  const [first, second] = [random.integer(2, 20), random.integer(2, 20)]
  const one = await openStation(http, { M: first }, random.word())
  const other = await openStation(http, { M: second, L: 0 }, random.word())
  expect(one).not.toBe(other)
  await dropOff(http, one, MEDIUM)
  expect(await freeOf(http, one)).toEqual({ S: 0, M: first - 1, L: 0 })
  expect(await freeOf(http, other)).toEqual({ S: 0, M: second, L: 0 })
})

test('turns a parcel to make it fit', { id: 'drop-off-turned', task: 'drop-off', points: 3, category: 'sizes' }, async ({ http }) => {
  const cases: [sides: number[], size: string][] = [
    [[60, 8, 38], 'S'],
    [[59.5, 37, 8], 'S'],
    [[8.5, 8.5, 8.5], 'M'],
    [[38, 60, 20], 'M'],
    [[39, 39, 5], 'L'],
    [[60, 20.5, 1], 'S'],
    [[60, 40, 38], 'L'],
  ]
  const station = await openStation(http, { S: 20, M: 20, L: 20 })
  for (const [sides, size] of random.shuffle(cases)) {
    const turned = random.shuffle(sides)
    expect((await dropOff(http, station, turned)).compartment[0], `the size for ${turned.join(' × ')} cm`).toBe(size)
  }
})

test(
  'takes the next size when the smallest is full',
  { id: 'drop-off-next-size', task: 'drop-off', points: 3, category: 'full compartments' },
  async ({ http }) => {
    const station = await openStation(http, { S: 1, M: 1, L: 2 })
    const places = []
    for (let count = 0; count < 4; count++) places.push((await dropOff(http, station, SMALL)).compartment)
    expect(places).toEqual(['S1', 'M1', 'L1', 'L2'])
    expectRefusal(await post(http, station, SMALL), 409, 'full')
    const small = await openStation(http, { S: 5 })
    expectRefusal(await post(http, small, LARGE), 409, 'full')
    expectRefusal(await post(http, small, [61, 2, 2]), 422, 'too_large')
    expectRefusal(await post(http, small, [41, 41, 5]), 422, 'too_large')
    expectRefusal(await post(http, station, [61, 2, 2]), 422, 'too_large')
    expect(await freeOf(http, small)).toEqual({ S: 5, M: 0, L: 0 })
  },
)

test(
  'fills the lowest free number',
  { id: 'drop-off-lowest-number', task: 'drop-off', points: 2, category: 'compartment numbers' },
  async ({ http }) => {
    const station = await openStation(http, { S: 12 })
    const parcels: Parcel[] = []
    for (let count = 0; count < 11; count++) parcels.push(await dropOff(http, station, SMALL))
    expect(parcels.map(parcel => parcel.compartment)).toEqual(Array.from({ length: 11 }, (_, at) => `S${at + 1}`))
    for (const at of [9, 1, 4]) await pickUp(http, station, parcels[at]!.code)
    const next = []
    for (let count = 0; count < 4; count++) next.push((await dropOff(http, station, SMALL)).compartment)
    expect(next).toEqual(['S2', 'S5', 'S10', 'S12'])
  },
)

test(
  'keeps the books through a busy day',
  { id: 'drop-off-busy-day', task: 'drop-off', points: 4, category: 'a busy day' },
  async ({ http }) => {
    const counts = { S: random.integer(1, 3), M: random.integer(1, 2), L: random.integer(4, 6) }
    const station = await openStation(http, counts)
    const held = new Map<string, string>()
    for (let step = 0; step < 48; step++) {
      if (held.size > 0 && random.integer(1, 10) <= 4) {
        const [compartment, code] = random.pick([...held])
        expect((await pickUp(http, station, code)).json.compartment).toBe(compartment)
        held.delete(compartment)
        continue
      }
      const sides = [random.integer(1, 45), random.integer(1, 40), random.integer(1, 64)]
      const answer = await post(http, station, sides)
      const wanted = placeFor(sides, counts, held)
      expect(answer.status === 201 ? answer.json.compartment : answer.json.error, `step ${step}: ${sides.join(' × ')} cm`).toBe(wanted)
      if (answer.status === 201) held.set(wanted, answer.json.code)
    }
    const left = Object.entries(counts).map(([size, count]) => [
      size,
      count - [...held.keys()].filter(place => place.startsWith(size)).length,
    ])
    expect(await freeOf(http, station)).toEqual(Object.fromEntries(left))
  },
)

test(
  'draws codes that nobody can count up to',
  { id: 'drop-off-codes', task: 'drop-off', points: 2, category: 'codes' },
  async ({ http }) => {
    const codes: string[] = []
    for (const _ of [1, 2]) {
      const station = await openStation(http, { S: 10 })
      for (let count = 0; count < 10; count++) codes.push((await dropOff(http, station, SMALL)).code)
    }
    for (const code of codes) expect(code).toMatch(/^\d{6}$/)
    expect(new Set(codes.slice(0, 10)).size, 'different codes in one station').toBe(10)
    const steps = codes.slice(1).map((code, at) => Number(code) - Number(codes[at]))
    expect(new Set(steps).size, 'different steps from one code to the next').toBeGreaterThan(9)
    expect(codes.slice(10), 'the codes of the second station').not.toEqual(codes.slice(0, 10))
  },
)

test('tells the code to nobody', { id: 'drop-off-secret', task: 'drop-off', points: 2, category: 'codes' }, async ({ http }) => {
  const station = await openStation(http, { S: 1 })
  const { code, ...parcel } = await dropOff(http, station, SMALL)
  expect((await http.get(`/parcels/${parcel.id}`)).json).toEqual(parcel)
  expect((await http.get(`/stations/${station}/parcels`)).json.items).toEqual([parcel])
  expect((await pickUp(http, station, code)).json).toEqual({ ...parcel, state: 'collected' })
  expect((await http.get(`/stations/${station}/parcels`)).json.items).toEqual([{ ...parcel, state: 'collected' }])
})

test('gives the list in pages', { id: 'list-pages', task: 'list', points: 3, category: 'pages' }, async ({ http }) => {
  const total = random.integer(21, 24)
  const station = await openStation(http, { S: 50 })
  const ids: string[] = []
  for (let count = 0; count < total; count++) ids.push((await dropOff(http, station, SMALL)).id)
  const first = (await http.get(`/stations/${station}/parcels`)).json
  expect(first.items.map(idOf)).toEqual(ids.slice(0, 20))
  expect(first.next).toBe(ids[19])
  const second = (await http.get(`/stations/${station}/parcels`, { query: { after: first.next } })).json
  expect({ ids: second.items.map(idOf), next: second.next }).toEqual({ ids: ids.slice(20), next: null })
  const whole = (await http.get(`/stations/${station}/parcels`, { query: { limit: total } })).json
  expect({ ids: whole.items.map(idOf), next: whole.next }, 'a page that holds just everything').toEqual({ ids, next: null })
})

test(
  'continues a filtered list behind a parcel that left it',
  { id: 'list-filtered', task: 'list', points: 3, category: 'filters' },
  async ({ http }) => {
    const station = await openStation(http, { S: 6 })
    const parcels: Parcel[] = []
    for (let count = 0; count < 6; count++) parcels.push(await dropOff(http, station, SMALL))
    await pickUp(http, station, parcels[1]!.code)
    const path = `/stations/${station}/parcels`
    const page = (await http.get(path, { query: { state: 'waiting', limit: 2 } })).json
    expect({ ids: page.items.map(idOf), next: page.next }).toEqual({ ids: [parcels[0]!.id, parcels[2]!.id], next: parcels[2]!.id })
    await pickUp(http, station, parcels[2]!.code)
    await pickUp(http, station, parcels[3]!.code)
    const rest = (await http.get(path, { query: { state: 'waiting', limit: 2, after: page.next } })).json
    expect({ ids: rest.items.map(idOf), next: rest.next }).toEqual({ ids: [parcels[4]!.id, parcels[5]!.id], next: null })
    const collected = (await http.get(path, { query: { state: 'collected' } })).json
    expect(collected.items.map(idOf)).toEqual([1, 2, 3].map(at => parcels[at]!.id))
    expect((await http.get(path)).json.items.map((parcel: Parcel) => parcel.state)).toEqual(
      [false, true, true, true, false, false].map(gone => (gone ? 'collected' : 'waiting')),
    )
  },
)

test('refuses odd questions for a list', { id: 'list-odd', task: 'list', points: 2, category: 'list parameters' }, async ({ http }) => {
  const station = await openStation(http, { S: 2 })
  const other = await openStation(http, { S: 2 })
  await dropOff(http, station, SMALL)
  const stranger = await dropOff(http, other, SMALL)
  const path = `/stations/${station}/parcels`
  for (const query of [
    'state=lost',
    'limit=0',
    'limit=101',
    'limit=ten',
    'limit=2.5',
    'limit=-1',
    'after=nobody',
    `after=${stranger.id}`,
  ]) {
    expectRefusal(await http.get(`${path}?${query}`), 422, 'invalid')
  }
  expect((await http.get(`${path}?limit=100`)).json.items).toHaveLength(1)
  expectRefusal(await http.get(`/stations/${station}x/parcels`), 404, 'not_found')
})

function idOf(parcel: Parcel): string {
  return parcel.id
}

/** Where a parcel goes, or the error, by the statement. */
function placeFor(sides: number[], counts: Record<string, number>, held: Map<string, string>): string {
  const sorted = sides.toSorted((one, other) => one - other)
  const fitting = Object.entries(SIZES).filter(([, inside]) => inside.every((length, at) => sorted[at]! <= length))
  if (fitting.length === 0) return 'too_large'
  for (const [size] of fitting) {
    for (let number = 1; number <= counts[size]!; number++) if (!held.has(`${size}${number}`)) return `${size}${number}`
  }
  return 'full'
}
