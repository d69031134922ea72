import { expect, random, test } from 'assay'
import { addBoat, type Boat } from '../boats.ts'

test('finds the boats that are asked for', { id: 'boats-found', task: 'boats', points: 4, category: 'lists' }, async ({ http }) => {
  const boats: Boat[] = []
  for (let count = 0; count < 12; count++) boats.push(await addBoat(http))
  const list = async (query: Record<string, string | number>) => {
    const { items, total } = (await http.get('/boats', { query: { limit: 50, ...query } })).json
    const own = items.filter(({ id }: { id: string }) => boats.some(boat => boat.id === id))
    return { own, total, count: items.length }
  }
  const { kind, seats } = random.pick(boats)
  expect((await list({})).own).toEqual(boats)
  expect((await list({ kind })).own).toEqual(boats.filter(boat => boat.kind === kind))
  expect((await list({ kind, seats })).own).toEqual(boats.filter(boat => boat.kind === kind && boat.seats >= seats))
  const { total } = await list({ seats })
  expect(await list({ seats, limit: 1 })).toMatchObject({ count: 1, total })
})

test('lends a boat to one at a time', { id: 'hires-taken', task: 'hires', points: 4, category: 'boats that are out' }, async ({ http }) => {
  const boat = await addBoat(http)
  const hire = { guest: random.name(), hours: 2 }
  expect((await http.put(`/boats/${boat.id}/hire`, { json: hire })).status).toBe(200)
  const second = await http.put(`/boats/${boat.id}/hire`, { json: { guest: random.name(), hours: 1 } })
  expect([second.status, second.json.error]).toEqual([409, 'taken'])
  expect((await http.patch(`/boats/${boat.id}`, { json: { seats: 3 } })).json).toEqual({ ...boat, seats: 3, hire })
  expect((await http.delete(`/boats/${boat.id}/hire`)).json.hire).toBe(null)
  expect((await http.delete(`/boats/${boat.id}/hire`)).status).toBe(200)
  expect((await http.put(`/boats/${boat.id}/hire`, { json: hire })).status).toBe(200)
})
