import { expect, random, test } from 'assay'
import { keepNote, newWalker } from '../walker.ts'

test(
  'knows who has signed in',
  { id: 'walkers-sign-in', task: 'walkers', hint: 'The token of POST /sessions says who asks. What does GET /me look it up in?' },
  async ({ http }) => {
    const walker = await newWalker(http)
    const { status, json } = await http.get('/me', { headers: walker.as })
    expect(status).toBe(200)
    expect(json).toEqual({ id: expect.any(String), name: walker.name, role: 'walker', hut: '' })
  },
)

test('keeps a note', { id: 'notes-kept', task: 'notes', hint: 'It stands in the table, with its walker.' }, async ({ http }) => {
  const walker = await newWalker(http)
  const note = await keepNote(http, walker)
  expect((await http.get(`/notes/${note.id}`, { headers: walker.as })).json).toEqual(note)
})

test(
  'hands out a sheet',
  { id: 'sheets-given', task: 'sheets', hint: 'Hand in the folder sheets/ with its two files; import.meta.dirname says where it lies.' },
  async ({ http }) => {
    const sheet = await http.get('/sheets/packing.txt')
    expect(sheet.status).toBe(200)
    expect(sheet.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(sheet.text).toContain('a dry pair of socks')
    expect((await http.get(`/sheets/${random.letters(8)}.txt`)).status).toBe(404)
  },
)

test('leads on', { id: 'links-lead', task: 'links', hint: 'A 303 has its target in the header Location.' }, async ({ http }) => {
  const to = `/notes/${random.integer(1, 999)}`
  const { status, headers } = await http.get('/go', { query: { to } })
  expect(status).toBe(303)
  expect(headers['location']).toBe(to)
})
