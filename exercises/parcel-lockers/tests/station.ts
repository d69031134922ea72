import { expect, random, type Http, type Response } from 'assay'

export type Counts = { S?: number; M?: number; L?: number }
export type Parcel = { id: string; station: string; recipient: string; compartment: string; state: string; code: string }

/** Opens a station and returns its id. */
export async function openStation(http: Http, compartments: Counts, name = random.city()): Promise<string> {
  const { status, json } = await http.post('/stations', { json: { name, compartments } })
  expect(status, 'status of POST /stations').toBe(201)
  expect(json.name, 'the name of the new station').toBe(name)
  return json.id
}

export function post(http: Http, station: string, sides: unknown, recipient: unknown = random.name()): Promise<Response> {
  return http.post(`/stations/${station}/parcels`, { json: { recipient, sides } })
}

/** Drops a parcel off that must be taken. */
export async function dropOff(http: Http, station: string, sides: number[], recipient = random.name()): Promise<Parcel> {
  const { status, json } = await post(http, station, sides, recipient)
  expect(status, `status for a parcel of ${sides.join(' × ')} cm`).toBe(201)
  expect(json.recipient, 'the recipient of the new parcel').toBe(recipient)
  return json
}

export function pickUp(http: Http, station: string, code: unknown): Promise<Response> {
  return http.post(`/stations/${station}/pickups`, { json: { code } })
}

export async function freeOf(http: Http, station: string): Promise<Counts> {
  return (await http.get(`/stations/${station}`)).json.free
}

export function expectRefusal(response: Response, status: number, error: string): void {
  expect({ status: response.status, error: response.json.error }).toEqual({ status, error })
}

/** A code that none of these parcels has. */
export function wrongCode(parcels: readonly Parcel[], digit = 0): string {
  const used = new Set(parcels.map(parcel => parcel.code))
  for (let number = digit; ; number += 10) {
    const code = String(number).padStart(6, '0')
    if (!used.has(code)) return code
  }
}

export const SMALL = [5, 6, 7]
export const MEDIUM = [15, 20, 30]
export const LARGE = [30, 35, 50]
