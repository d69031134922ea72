import { expect, random, rounds, test } from 'assay'
import { drawFind, expectRefusal, register, storedFinds } from '../office.ts'

test('keeps any text as it is', { id: 'finds-texts', task: 'finds', points: 2, category: 'texts' }, async ({ http, db }) => {
  const finds = Array.from({ length: 8 }, () => ({ what: random.text(random.pick([1, 40, 200])), place: random.text(20) }))
  for (const find of finds) {
    const id = await register(http, find)
    expect((await http.get(`/finds/${id}`)).json).toEqual({ id, ...find })
  }
  expect((await storedFinds(db)).slice(-8)).toMatchObject(finds)
})

test('knows no find for odd ids', { id: 'finds-unknown', task: 'finds', points: 1, category: 'unknown finds' }, async ({ http }) => {
  const id = await register(http, drawFind())
  for (const odd of random.shuffle(['0', '-1', '99999999', 'abc', '1.5', '99999999999999999999']))
    expectRefusal(await http.get(`/finds/${odd}`), 404, 'not_found')
  expect((await http.get(`/finds/${id}`)).status).toBe(200)
})

test('refuses what is no find', { id: 'bodies-invalid', task: 'bodies', points: 2, category: 'wrong fields' }, async ({ http, db }) => {
  const { what, place } = drawFind()
  const cases = [
    null,
    7,
    'find',
    [],
    [{ what, place }],
    {},
    { what },
    { what, place: 7 },
    { what: '', place },
    { what: 'x'.repeat(201), place },
  ]
  const before = await storedFinds(db)
  for (const json of random.shuffle(cases)) expectRefusal(await http.post('/finds', { json }), 422, 'invalid')
  expect(await storedFinds(db)).toEqual(before)
  await register(http, { what, place })
})

test(
  'takes 65,536 bytes, and not one more',
  { id: 'bodies-large', task: 'bodies', points: 3, category: 'large bodies' },
  async ({ http, db }) => {
    const find = drawFind()
    const bare = JSON.stringify(find)
    const ofLength = (bytes: number) => bare + ' '.repeat(bytes - Buffer.byteLength(bare))
    const headers = { 'content-type': 'application/json' }
    const before = await storedFinds(db)
    for (const bytes of random.shuffle([65_537, 200_000, 3_000_000]))
      expectRefusal(await http.post('/finds', { body: ofLength(bytes), headers }), 413, 'too_large')
    expect(await storedFinds(db)).toEqual(before)
    const { status, json } = await http.post('/finds', { body: ofLength(65_536), headers })
    expect(status, 'status for 65,536 bytes').toBe(201)
    expect(json).toMatchObject(find)
  },
)

test(
  'lives on after bytes that are no HTTP',
  { id: 'bodies-no-http', task: 'bodies', points: 2, category: 'bytes that are no HTTP' },
  async ({ http, db }) => {
    const before = await storedFinds(db)
    const find = JSON.stringify(drawFind())
    const odd = [
      `${random.letters(40)}\r\n\r\n`,
      'POST /finds HTTP/1.1\r\nHost: office\r\nContent-Length: -1\r\n\r\n',
      `POST /finds HTTP/1.1\r\nHost: office\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n${find}\r\n0\r\n\r\n`,
      new Uint8Array(random.integer(100, 2000)).fill(255),
    ]
    for (const bytes of random.shuffle(odd)) await http.raw(bytes, { waitMs: 100 })
    expect(await storedFinds(db)).toEqual(before)
    await register(http, drawFind())
  },
)

test(
  'serves many slow clients side by side',
  { id: 'slow-many', task: 'slow', timeLimitMs: 8000, points: 4, category: 'many slow clients' },
  async ({ http, db }) => {
    await rounds(3, async () => {
      const finds = Array.from({ length: 15 }, drawFind)
      const slow = await Promise.all(finds.map(find => http.slowly('POST', '/finds', { json: find })))
      await register(http, drawFind())
      const answers = await Promise.all(random.shuffle(slow).map(each => each.finish()))
      expect(answers.map(({ status }) => status)).toEqual(finds.map(() => 201))
      const stored = await storedFinds(db)
      for (const find of finds) expect(stored).toContainEqual({ id: expect.any(Number), ...find })
    })
  },
)
