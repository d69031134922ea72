import { expect, race, random, rounds, statusCounts, test } from 'assay'
import { book, bookedBy, drawMembers, drawShow } from '../cinema.ts'

test(
  'takes a member, once by each email',
  { id: 'members-once', task: 'members', hint: 'The table has a UNIQUE constraint; what does PostgreSQL say when it is broken?' },
  async ({ http, db }) => {
    const member = { email: random.email(), name: random.name() }
    const { status, json } = await http.post('/members', { json: member })
    expect(status).toBe(201)
    expect(json).toEqual({ id: expect.any(Number), ...member })
    const again = await http.post('/members', { json: { ...member, name: 'Somebody else' } })
    expect({ status: again.status, error: again.json.error }).toEqual({ status: 409, error: 'email_taken' })
    expect(await db.query('SELECT id, email, name FROM members WHERE email = $1', [member.email])).toEqual([json])
  },
)

test(
  'books a seat and counts it',
  { id: 'bookings-counted', task: 'bookings', hint: 'free is seats less the bookings of this show.' },
  async ({ http, db }) => {
    const show = await drawShow(db)
    const [memberId] = await drawMembers(db, 1)
    const { status, json } = await book(http, show.id, memberId!)
    expect(status).toBe(201)
    expect(json).toEqual({ id: expect.any(Number), showId: show.id, memberId })
    expect(await bookedBy(db, show.id)).toEqual([memberId])
    expect((await http.get(`/shows/${show.id}`)).json).toEqual({ ...show, free: show.seats - 1 })
  },
)

test(
  'sells no seat twice',
  {
    id: 'together-seats',
    task: 'together',
    hint: 'Between counting the bookings and storing one, others have counted, too. Who lets them in one after the other?',
  },
  async ({ http, db }) => {
    await rounds(7, async () => {
      const show = await drawShow(db)
      const members = await drawMembers(db, show.seats + 16)
      const answers = await race(members.length, at => book(http, show.id, members[at]!))
      expect(statusCounts(answers)).toEqual({ 201: show.seats, 409: 16 })
      expect(await bookedBy(db, show.id), 'members with a seat').toHaveLength(show.seats)
    })
  },
)
