import { expect, random, test, type PaceHttp } from 'assay'
import { drawResults, fill, lookUp, standings } from '../regatta.ts'

const BOATS = 4_000

test('finds a boat quickly', { id: 'pace-lookup', task: 'pace', points: 3, category: 'looking up one of many boats' }, async ({ pace }) => {
  const results = drawResults(BOATS)
  const board = standings(results)
  await pace.compare(http => lookUp(http, board, 8), { factor: 4, prepare: http => fill(http, results) })
})

test('finds four boats at a time', { id: 'pace-together', task: 'pace', points: 3, category: 'lookups side by side' }, async ({ pace }) => {
  const results = drawResults(BOATS)
  const board = standings(results)
  await pace.compare(http => lookUp(http, board, 1), { factor: 4, atOnce: 4, prepare: http => fill(http, results) })
})

test('shows a page quickly', { id: 'pace-page', task: 'pace', points: 5, category: 'a page of a long board' }, async ({ pace }) => {
  const results = drawResults(BOATS)
  const board = standings(results)
  const readPages = async (http: PaceHttp) => {
    for (let time = 0; time < 8; time++) {
      const from = random.integer(1, BOATS - 100)
      const { json } = await http.get('/board', { query: { from, count: 100 } })
      expect(json.boats).toEqual(board.slice(from - 1, from + 99))
    }
  }
  await pace.compare(readPages, { factor: 4, prepare: http => fill(http, results) })
})
