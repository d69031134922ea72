import { random, type Db, type Http, type Response } from 'assay'

export type Show = { id: number; title: string; seats: number }

/** A show that nobody has booked yet, drawn at random. */
export async function drawShow(db: Db): Promise<Show> {
  return random.pick(
    await db.query<Show>('SELECT id, title, seats FROM shows WHERE NOT EXISTS (SELECT FROM bookings WHERE show_id = shows.id) ORDER BY id'),
  )
}

/** That many different members, in any order. */
export async function drawMembers(db: Db, count: number): Promise<number[]> {
  const members = await db.query<{ id: number }>("SELECT id FROM members WHERE email LIKE '%@village.example' ORDER BY id")
  return random.sample(members, count).map(({ id }) => id)
}

export async function bookedBy(db: Db, showId: number): Promise<number[]> {
  return (await db.query<{ member: number }>('SELECT member_id AS member FROM bookings WHERE show_id = $1', [showId])).map(
    row => row.member,
  )
}

export function book(http: Http, showId: number, memberId: number): Promise<Response> {
  return http.post('/bookings', { json: { showId, memberId } })
}

export function errorsOf(answers: readonly Response[]): string[] {
  return [...new Set(answers.filter(({ status }) => status !== 201).map(({ json }) => json.error as string))]
}
