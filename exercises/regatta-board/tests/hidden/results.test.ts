import { expect, random, test } from 'assay'
import { drawResults, fill, lookUp, standings } from '../regatta.ts'

test('adds points up over many requests', { id: 'sums', task: 'results', points: 3, category: 'sums' }, async ({ http }) => {
  const results = drawResults(60)
  for (let from = 0; from < results.length; from += 17) await fill(http, results.slice(from, from + 17))
  await lookUp(http, standings(results), 40)
})

test('ranks by the number of boats ahead', { id: 'ranks', task: 'results', points: 3, category: 'ranks' }, async ({ http }) => {
  const results = Array.from({ length: 40 }, (_, at) => ({ boat: `${random.word()} ${at}`, points: random.integer(1, 8) }))
  await fill(http, results)
  await lookUp(http, standings(results), 40)
})

test('sees what has just come', { id: 'fresh', task: 'results', points: 3, category: 'new results' }, async ({ http }) => {
  const results = drawResults(20)
  await fill(http, results)
  for (let time = 0; time < 5; time++) {
    await lookUp(http, standings(results), 3)
    await http.get('/board')
    const more = drawResults(3)
    results.push(...more, { boat: results[0]!.boat, points: 1000 })
    await fill(http, results.slice(-more.length - 1))
  }
  expect((await http.get('/board?count=100')).json).toEqual({ boats: standings(results) })
})

test('takes nothing of what it refuses', { id: 'refused', task: 'results', points: 2, category: 'refused results' }, async ({ http }) => {
  const good = { boat: 'Wal', points: 7 }
  await fill(http, [good])
  const cases = [{}, { results: [] }, { results: [good, { boat: '', points: 1 }] }, { results: [good, { boat: 'Aal' }] }]
  const amounts = [0, -1, 1001, 1.5, '7', null]
  for (const json of random.shuffle([...cases, ...amounts.map(points => ({ results: [good, { boat: 'Aal', points }] }))])) {
    const { status, json: answer } = await http.post('/results', { json })
    expect({ status, answer }, JSON.stringify(json)).toEqual({ status: 422, answer: { error: 'invalid' } })
  }
  expect((await http.get('/boats/Wal')).json).toEqual({ ...good, rank: 1 })
  const { status, json } = await http.get('/boats/Aal')
  expect({ status, json }).toEqual({ status: 404, json: { error: 'unknown' } })
})
