import { expect, test } from 'assay'

test('keeps books apart', { id: 'apart', task: 'books' }, async ({ http }) => {
  const first = (await http.post('/books', { json: { title: 'Emma', pages: 474 } })).json
  const second = (await http.post('/books', { json: { title: 'Emma', pages: 474 } })).json
  expect(first.id === second.id).toBe(false)
})
