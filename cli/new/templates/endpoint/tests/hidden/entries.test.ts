import { expect, fc, random, test } from 'assay'

test('lists entries in order', { id: 'sign-order', task: 'sign', points: 2, category: 'order' }, async ({ http }) => {
  const texts = Array.from({ length: random.integer(5, 12) }, () => random.word())
  for (const text of texts) await http.post('/entries', { json: { text } })
  const listed = await http.get('/entries')
  expect(listed.json).toEqual(texts.map((text, at) => ({ id: at + 1, text })))
})

test('keeps any text as it is', { id: 'sign-any-text', task: 'sign', points: 1, category: 'texts' }, async ({ http }) => {
  const texts = fc.string({ minLength: 1 }).filter(text => text.trim() !== '')
  const kept = fc.asyncProperty(texts, async text => {
    const { json } = await http.post('/entries', { json: { text } })
    expect(json).toMatchSchema({ type: 'object', required: ['id', 'text'], properties: { id: { type: 'integer' }, text: { const: text } } })
  })
  await fc.assert(kept, { numRuns: 20 })
})

test(
  'keeps nothing of what it refuses',
  { id: 'refuse-wrong', task: 'refuse', points: 2, category: 'validation', hint: 'A text can also be of another type.' },
  async ({ http }) => {
    const before = (await http.get('/entries')).json
    for (const text of random.shuffle([null, 7, '', '   ', ['a']])) {
      const refused = await http.post('/entries', { json: { text } })
      expect(refused.status, `the status for ${JSON.stringify(text)}`).toBe(422)
      expect(refused.json).toEqual({ error: 'invalid' })
    }
    expect((await http.get('/entries')).json).toEqual(before)
  },
)
