import { expect, test } from 'assay'

const emma = { title: 'Emma', pages: 474 }

test('takes a book and says where it is', { id: 'add', task: 'books' }, async ({ http, db }) => {
  const { status, headers, json } = await http.post('/books', { json: emma })
  expect(status).toBe(201)
  expect(json).toEqual({ id: json.id, ...emma })
  expect(headers['location']).toBe(`/books/${json.id}`)
  expect(await db.query('SELECT title, pages FROM books WHERE id = $1', [json.id])).toEqual([emma])
})

test('shows a book', { id: 'show', task: 'books' }, async ({ http }) => {
  const book = (await http.post('/books', { json: emma })).json
  const shown = await http.get(`/books/${book.id}`)
  expect(shown.status).toBe(200)
  expect(shown.json).toEqual(book)
})

test('lists books in the order in which they came', { id: 'list', task: 'books' }, async ({ http }) => {
  const first = (await http.post('/books', { json: emma })).json
  const second = (await http.post('/books', { json: { title: 'Persuasion', pages: 249 } })).json
  expect((await http.get('/books')).json.items.slice(-2)).toEqual([first, second])
})

test('leaves out what is too long', { id: 'filter', task: 'books' }, async ({ http }) => {
  const short = (await http.post('/books', { json: { title: 'Lady Susan', pages: 79 } })).json
  await http.post('/books', { json: emma })
  expect((await http.get('/books?max=80')).json.items).toEqual([{ id: 1, title: 'The Watsons', pages: 60 }, short])
})

test('knows no book that was never added', { id: 'unknown', task: 'books' }, async ({ http }) => {
  const { status, json } = await http.get('/books/90000')
  expect(status).toBe(404)
  expect(json).toEqual({ error: 'not_found' })
})

test('refuses a book without a title', { id: 'refuse-title', task: 'books' }, async ({ http }) => {
  const { status, json } = await http.post('/books', { json: { title: '', pages: 10 } })
  expect(status).toBe(422)
  expect(json).toEqual({ error: 'invalid', field: 'title' })
})

test('refuses a book of no pages', { id: 'refuse-pages', task: 'books' }, async ({ http }) => {
  const { status, json } = await http.post('/books', { json: { title: 'Nothing', pages: 0 } })
  expect(status).toBe(422)
  expect(json).toEqual({ error: 'invalid', field: 'pages' })
})

test('refuses what is no JSON', { id: 'refuse-text', task: 'books' }, async ({ http }) => {
  const { status, json } = await http.post('/books', { body: '{"title":', headers: { 'content-type': 'application/json' } })
  expect(status).toBe(400)
  expect(json).toEqual({ error: 'bad_json' })
})

test('changes a book', { id: 'change', task: 'books' }, async ({ http }) => {
  const { id } = (await http.post('/books', { json: emma })).json
  expect((await http.put(`/books/${id}`, { json: { title: 'Emma', pages: 512 } })).status).toBe(200)
  expect((await http.get(`/books/${id}`)).json).toEqual({ id, title: 'Emma', pages: 512 })
})

test('forgets a book', { id: 'delete', task: 'books' }, async ({ http, db }) => {
  const { id } = (await http.post('/books', { json: emma })).json
  expect((await http.delete(`/books/${id}`)).status).toBe(204)
  expect((await http.get(`/books/${id}`)).status).toBe(404)
  expect(await db.query('SELECT id FROM books WHERE id = $1', [id])).toEqual([])
})
