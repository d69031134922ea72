import { expect, random, test } from 'assay'
import { keepNote, newWalker, type Note } from '../walker.ts'

test(
  'refuses names and passwords that are wrong',
  { id: 'walkers-refused', task: 'walkers', points: 3, category: 'sign-up and sign-in' },
  async ({ http }) => {
    const { name, password } = await newWalker(http)
    expect((await http.post('/walkers', { json: { name, password } })).status, 'a name that is taken').toBe(409)
    expect((await http.post('/walkers', { json: { name: random.letters(61), password } })).status, 'a name of 61 characters').toBe(422)
    expect((await http.post('/walkers', { json: { name: random.name() } })).status, 'no password').toBe(422)
    expect((await http.post('/sessions', { json: { name, password: `${password}x` } })).status, 'a wrong password').toBe(401)
    expect((await http.post('/sessions', { json: { name: random.letters(20), password } })).status, 'an unknown name').toBe(401)
    expect((await http.post('/sessions', { json: { name, password } })).status, 'the right password').toBe(201)
  },
)

test('knows who sleeps in the same hut', { id: 'walkers-hut', task: 'walkers', points: 3, category: 'huts' }, async ({ http, db }) => {
  const walker = await newWalker(http)
  const hut = random.pick(['Eagle hut', 'Long moor', 'Saddle'])
  const changed = await http.patch('/me', { json: { hut }, headers: walker.as })
  expect(changed.status).toBe(200)
  expect(changed.json).toMatchObject({ name: walker.name, hut })
  const rows = await db.query<{ name: string }>('SELECT name FROM walkers WHERE hut = $1', [hut])
  const { json } = await http.get('/me/hut', { headers: walker.as })
  expect(json.hut).toBe(hut)
  expect(json.walkers.toSorted()).toEqual(rows.map(({ name }) => name).toSorted())
})

test('finds notes and sorts them', { id: 'notes-found', task: 'notes', points: 4, category: 'lists of notes' }, async ({ http }) => {
  const walker = await newWalker(http)
  const word = random.letters(8)
  const notes: Note[] = []
  for (let count = 0; count < 6; count++) notes.push(await keepNote(http, walker, `${random.letters(4)} ${count % 2 ? word : 'other'}`))
  const list = async (query: Record<string, string>) => (await http.get('/notes', { query, headers: walker.as })).json.items as Note[]
  expect(await list({})).toEqual(notes)
  expect(await list({ q: word })).toEqual(notes.filter(note => note.title.includes(word)))
  expect(await list({ q: '%' })).toEqual([])
  expect(await list({ sort: 'title' })).toEqual(notes.toSorted((one, other) => (one.title < other.title ? -1 : 1)))
  expect((await http.get('/notes', { query: { sort: 'text' }, headers: walker.as })).status).toBe(422)
})

test('changes a note and lets it go', { id: 'notes-changed', task: 'notes', points: 3, category: 'changes of notes' }, async ({ http }) => {
  const walker = await newWalker(http)
  const note = await keepNote(http, walker)
  const path = `/notes/${note.id}`
  const text = random.text(30)
  expect((await http.patch(path, { json: { text }, headers: walker.as })).json).toEqual({ ...note, text })
  expect((await http.patch(path, { json: { title: '' }, headers: walker.as })).status).toBe(422)
  expect((await http.get(path, { headers: walker.as })).json).toEqual({ ...note, text })
  expect((await http.delete(path, { headers: walker.as })).status).toBe(204)
  expect((await http.get(path, { headers: walker.as })).status).toBe(404)
})

test('gives a note out as a file', { id: 'notes-export', task: 'notes', points: 2, category: 'exports' }, async ({ http }) => {
  const walker = await newWalker(http)
  const word = random.letters(6)
  const note = await keepNote(http, walker, `Übers "${word}"-Joch; 2`)
  const { headers, text } = await http.get(`/notes/${note.id}/export`, { headers: walker.as })
  expect(headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(headers['content-disposition']).toBe(`attachment; filename="_bers _${word}_-Joch_ 2.txt"`)
  expect(text).toBe(note.text)
})
