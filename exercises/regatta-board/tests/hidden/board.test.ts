import { expect, random, test } from 'assay'
import { drawResults, fill, standings } from '../regatta.ts'

test('gives pages of the board', { id: 'pages', task: 'board', points: 4, category: 'pages' }, async ({ http }) => {
  const results = drawResults(250)
  const board = standings(results)
  await fill(http, results)
  for (const [from, count] of [
    [1, 100],
    [random.integer(2, 200), random.integer(1, 40)],
    [245, 50],
    [251, 10],
  ] as const) {
    const { status, json } = await http.get('/board', { query: { from, count } })
    expect({ status, json }).toEqual({ status: 200, json: { boats: board.slice(from - 1, from - 1 + count) } })
  }
  expect((await http.get('/board')).json).toEqual({ boats: board.slice(0, 10) })
})

test('refuses odd pages', { id: 'odd-pages', task: 'board', points: 2, category: 'parameters' }, async ({ http }) => {
  for (const query of random.shuffle(['from=0', 'from=-3', 'from=1.5', 'from=x', 'count=0', 'count=101', 'count=ten', 'count='])) {
    const { status, json } = await http.get(`/board?${query}`)
    expect({ status, json }, query).toEqual({ status: 422, json: { error: 'invalid' } })
  }
})
