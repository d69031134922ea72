import { expect, race, random, rounds, statusCounts, test } from 'assay'
import { book, bookedBy, drawMembers, drawShow, errorsOf } from '../cinema.ts'

test('takes members of any name', { id: 'members-names', task: 'members', points: 2, category: 'names' }, async ({ http, db }) => {
  for (let time = 0; time < 6; time++) {
    const member = { email: random.unique(random.email), name: random.name() }
    const { json } = await http.post('/members', { json: member })
    expect(await db.query('SELECT * FROM members WHERE id = $1', [json.id])).toEqual([{ id: json.id, ...member }])
  }
})

test('refuses in the right order', { id: 'bookings-refused', task: 'bookings', points: 3, category: 'refusals' }, async ({ http, db }) => {
  const show = await drawShow(db)
  const members = await drawMembers(db, show.seats + 1)
  for (const member of members.slice(0, -1)) expect((await book(http, show.id, member)).status).toBe(201)
  const cases: [showId: number, memberId: number, status: number, error: string][] = [
    [show.id, members.at(-1)!, 409, 'sold_out'],
    [show.id, members[0]!, 409, 'already_booked'],
    [900_000, members[0]!, 404, 'unknown'],
    [show.id, 900_000, 404, 'unknown'],
  ]
  for (const [showId, memberId, status, error] of random.shuffle(cases)) {
    const answer = await book(http, showId, memberId)
    expect({ status: answer.status, error: answer.json.error }).toEqual({ status, error })
  }
  expect((await http.get(`/shows/${show.id}`)).json).toEqual({ ...show, free: 0 })
  expect(await bookedBy(db, show.id)).toHaveLength(show.seats)
})

test('knows no other shows', { id: 'bookings-unknown', task: 'bookings', points: 1, category: 'unknown shows' }, async ({ http, db }) => {
  for (const id of ['0', '900000', 'abc']) {
    const { status, json } = await http.get(`/shows/${id}`)
    expect({ status, error: json.error }).toEqual({ status: 404, error: 'unknown' })
  }
  const show = await drawShow(db)
  expect((await http.get(`/shows/${show.id}`)).json).toEqual({ ...show, free: show.seats })
})

test(
  'takes one of ten members with the same email',
  { id: 'together-email', task: 'together', points: 4, category: 'the same email at the same moment' },
  async ({ http, db }) => {
    await rounds(4, async () => {
      const email = random.unique(random.email)
      const names = Array.from({ length: 10 }, () => random.name())
      const answers = await race(10, at => http.post('/members', { json: { email, name: names[at] } }))
      expect(statusCounts(answers)).toEqual({ 201: 1, 409: 9 })
      expect(errorsOf(answers)).toEqual(['email_taken'])
      expect(await db.query('SELECT * FROM members WHERE email = $1', [email])).toHaveLength(1)
    })
  },
)

test(
  'gives a member one seat of a show',
  { id: 'together-member', task: 'together', points: 4, category: 'the same booking at the same moment' },
  async ({ http, db }) => {
    await rounds(4, async () => {
      const show = await drawShow(db)
      const [memberId] = await drawMembers(db, 1)
      const answers = await race(8, () => book(http, show.id, memberId!))
      expect(statusCounts(answers)).toEqual({ 201: 1, 409: 7 })
      expect(errorsOf(answers)).toEqual(['already_booked'])
      expect(await bookedBy(db, show.id)).toEqual([memberId])
    })
  },
)

test(
  'fills a show, and not more',
  { id: 'together-full', task: 'together', points: 4, category: 'the last seats' },
  async ({ http, db }) => {
    await rounds(7, async () => {
      const show = await drawShow(db)
      const members = await drawMembers(db, show.seats + 16)
      const first = members.splice(0, show.seats - 1)
      for (const member of first) expect((await book(http, show.id, member)).status).toBe(201)
      const answers = await race(members.length, at => book(http, show.id, members[at]!))
      expect(statusCounts(answers)).toEqual({ 201: 1, 409: members.length - 1 })
      expect(errorsOf(answers)).toEqual(['sold_out'])
      expect(await bookedBy(db, show.id)).toHaveLength(show.seats)
    })
  },
)
