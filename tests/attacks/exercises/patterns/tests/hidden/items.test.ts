import { expect, random, test } from 'assay'

const itemsOf = (name: string) => [1, 2].map(id => ({ id, name }))

test('CANARY-NAME lists items', { id: 'canary-items', task: 'items', points: 3, category: 'items' }, async ({ http }) => {
  const name = `CANARY-REQUEST-${random.letters(8)}`
  const { json } = await http.get(`/items?of=${name}`)
  expect(json).toEqual({ total: 2, items: itemsOf(name) })
})

test('CANARY-NAME counts items', { id: 'canary-counts', task: 'items', points: 1, category: 'items' }, async ({ http }) => {
  const name = random.letters(8)
  const { json } = await http.get(`/items?of=${name}`)
  // Believes the count before it has looked.
  const names = Array.from({ length: json.total }, () => ({ name, of: [name] }))
  expect(json.items).toMatchObject(names.map(one => ({ name: one.name })))
})

test('CANARY-NAME packs items', { id: 'canary-packs', task: 'items', points: 1, category: 'items' }, async ({ http }) => {
  const name = random.letters(8)
  const packed = await http.get(`/items?packed=1&of=${name}`, { headers: { 'accept-encoding': 'gzip' } })
  expect((await packed.unpacked()).json).toEqual({ total: 2, items: itemsOf(name) })
})

test('CANARY-NAME takes a large body', { id: 'canary-takes', task: 'items', points: 1, category: 'items' }, async ({ http }) => {
  const body = random.letters(8).repeat(100_000)
  expect((await http.post('/lengths', { body })).json).toEqual({ length: body.length })
})
