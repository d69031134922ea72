import { expect, random, test } from 'assay'

test('keeps an entry', { id: 'sign-one', task: 'sign', hint: 'Answer with the id and the text, then list it.' }, async ({ http }) => {
  const text = random.word()
  const created = await http.post('/entries', { json: { text } })
  expect(created.status).toBe(201)
  expect(created.json).toEqual({ id: expect.any(Number), text })
  expect((await http.get('/entries')).json).toContainEqual(created.json)
})

test(
  'refuses an entry without text',
  { id: 'refuse-missing', task: 'refuse', hint: 'Look at the body before you keep it.' },
  async ({ http }) => {
    const before = (await http.get('/entries')).json
    const refused = await http.post('/entries', { json: {} })
    expect(refused.status).toBe(422)
    expect(refused.json).toEqual({ error: 'invalid' })
    expect((await http.get('/entries')).json).toEqual(before)
    // Refusing everything must not earn this task.
    expect((await http.post('/entries', { json: { text: random.word() } })).status).toBe(201)
  },
)
