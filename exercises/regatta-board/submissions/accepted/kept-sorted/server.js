import express from 'express'

/** Boat → its entry, and all entries in order: each change takes one out and puts it in again. */
const boats = new Map()
const board = []

const inOrder = (one, other) => other.points - one.points || (one.boat < other.boat ? -1 : one.boat > other.boat ? 1 : 0)

/** The first place that isn't before this one. */
function placeOf(entry, compare = inOrder) {
  let low = 0
  let high = board.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(board[middle], entry) < 0) low = middle + 1
    else high = middle
  }
  return low
}

const ranked = entry => ({ ...entry, rank: 1 + placeOf(entry, (one, other) => other.points - one.points) })

function add({ boat, points }) {
  const entry = boats.get(boat) ?? { boat, points: 0 }
  if (boats.has(boat)) board.splice(placeOf(entry), 1)
  boats.set(boat, entry)
  entry.points += points
  board.splice(placeOf(entry), 0, entry)
}

const isResult = result =>
  typeof result?.boat === 'string' &&
  /^.{1,60}$/su.test(result.boat) &&
  Number.isInteger(result.points) &&
  result.points >= 1 &&
  result.points <= 1000

const app = express()
app.use(express.json({ limit: '2mb' }))

app.post('/results', (request, response) => {
  const results = request.body?.results
  if (!Array.isArray(results) || results.length === 0 || results.length > 5000 || !results.every(isResult))
    return response.status(422).json({ error: 'invalid' })
  results.forEach(add)
  response.json({ boats: boats.size })
})

app.get('/boats/:boat', (request, response) => {
  const entry = boats.get(request.params.boat)
  if (!entry) return response.status(404).json({ error: 'unknown' })
  response.json(ranked(entry))
})

app.get('/board', (request, response) => {
  const { from = '1', count = '10' } = request.query
  const start = Number(from)
  const length = Number(count)
  if (!/^[1-9]\d*$/.test(from) || !/^[1-9]\d*$/.test(count) || length > 100) return response.status(422).json({ error: 'invalid' })
  response.json({ boats: board.slice(start - 1, start - 1 + length).map(ranked) })
})

app.listen(Number(process.env.PORT), process.env.HOST)
