import { expect, test } from 'assay'

test(
  'adds points up',
  { id: 'adds-up', task: 'results', hint: 'The same boat comes again and again: its points are added to what it has.' },
  async ({ http }) => {
    const results = [
      { boat: 'Nixe', points: 5 },
      { boat: 'Wal', points: 9 },
      { boat: 'Nixe', points: 6 },
    ]
    const { status, json } = await http.post('/results', { json: { results } })
    expect({ status, json }).toEqual({ status: 200, json: { boats: 2 } })
    expect((await http.get('/boats/Nixe')).json).toEqual({ boat: 'Nixe', points: 11, rank: 1 })
    expect((await http.get('/boats/Wal')).json).toEqual({ boat: 'Wal', points: 9, rank: 2 })
  },
)

test(
  'lists the board',
  { id: 'lists', task: 'board', hint: 'More points first; of two with as many, the smaller name.' },
  async ({ http }) => {
    const results = ['Aal', 'Butt', 'Dorsch'].map((boat, at) => ({ boat, points: at === 0 ? 40 : 900 }))
    await http.post('/results', { json: { results } })
    const { status, json } = await http.get('/board?from=1&count=2')
    expect(status).toBe(200)
    expect(json.boats).toEqual([
      { boat: 'Butt', points: 900, rank: 1 },
      { boat: 'Dorsch', points: 900, rank: 1 },
    ])
  },
)
