import { expect, random, type Db, type Http, type Response } from 'assay'

export type Find = { what: string; place: string }

export function drawFind(): Find {
  return { what: random.text(random.integer(1, 60)), place: random.words(3) }
}

/**
 * How long a program may take to end: the statement's three seconds, and the two more that it promises, since a machine that grades
 * others beside it may need them.
 */
export const ENDS_WITHIN_MS = 3000 + 2000

export async function register(http: Http, find: Find): Promise<number> {
  const { status, json } = await http.post('/finds', { json: find })
  expect(status, 'status of POST /finds').toBe(201)
  expect(json).toEqual({ id: expect.any(Number), ...find })
  return json.id
}

export function storedFinds(db: Db): Promise<(Find & { id: number })[]> {
  return db.query<Find & { id: number }>('SELECT id, what, place FROM finds ORDER BY id')
}

export function expectRefusal({ status, json }: Response, wanted: number, error: string): void {
  expect({ status, error: json.error }).toEqual({ status: wanted, error })
}

/** Asks until a find is registered, at least as long as that may take; on the way there every answer must be 503. */
export async function registerAgain(http: Http, find: Find): Promise<void> {
  for (let left = 45; ; left--) {
    const answer = await http.post('/finds', { json: find })
    if (answer.status === 201) return
    expectRefusal(answer, 503, 'unavailable')
    expect(left, 'asks left before the database must be in use again').toBeGreaterThan(0)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}
