import { expect, random, type Http } from 'assay'

export type Boat = { id: string; name: string; kind: string; seats: number; hire: null | { guest: string; hours: number } }

export const KINDS = ['canoe', 'dinghy', 'rowing-boat']

export function drawBoat(): { name: string; kind: string; seats: number } {
  return { name: random.words(2), kind: random.pick(KINDS), seats: random.integer(1, 12) }
}

export async function addBoat(http: Http, boat = drawBoat()): Promise<Boat> {
  const { status, json } = await http.post('/boats', { json: boat })
  expect(status, 'the status of POST /boats').toBe(201)
  expect(json).toEqual({ id: expect.any(String), ...boat, hire: null })
  return json
}
