import { createServer } from 'node:http'

/** Boat → points. The board is sorted when it is first read after a change. */
const sums = new Map()
let sorted

function add(boat, points) {
  sums.set(boat, (sums.get(boat) ?? 0) + points)
  sorted = undefined
}

const size = () => sums.size

function board() {
  if (sorted) return sorted
  sorted = [...sums].map(([boat, points]) => ({ boat, points, rank: 0 }))
  sorted.sort((one, other) => other.points - one.points || (one.boat < other.boat ? -1 : 1))
  for (const [at, each] of sorted.entries()) each.rank = (sorted[at - 1]?.rank ?? 0) + (each.points === sorted[at - 1]?.points ? 0 : 1)
  return sorted
}

const page = (start, count) => board().slice(start, start + count)

function find(boat) {
  const points = sums.get(boat)
  if (points === undefined) return undefined
  let low = 0
  let high = board().length
  while (low < high) {
    const middle = (low + high) >> 1
    if (board()[middle].points > points) low = middle + 1
    else high = middle
  }
  return { boat, points, rank: board()[low].rank }
}

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url, 'http://localhost')
  const answer = (status, body) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  if (request.method === 'POST' && pathname === '/results') {
    const results = readResults(await bodyOf(request))
    if (!results) return answer(422, { error: 'invalid' })
    for (const { boat, points } of results) add(boat, points)
    return answer(200, { boats: size() })
  }
  if (request.method === 'GET' && pathname === '/board') {
    const from = wholeNumber(searchParams.get('from') ?? '1', Infinity)
    const count = wholeNumber(searchParams.get('count') ?? '10', 100)
    return from && count ? answer(200, { boats: page(from - 1, count) }) : answer(422, { error: 'invalid' })
  }
  const name = /^\/boats\/(.+)$/.exec(pathname)?.[1]
  const boat = request.method === 'GET' && name !== undefined ? find(decodeURIComponent(name)) : undefined
  return boat ? answer(200, boat) : answer(404, { error: 'unknown' })
}).listen(Number(process.env.PORT), process.env.HOST)

async function bodyOf(request) {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) text += chunk
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function readResults(body) {
  const results = body?.results
  if (!Array.isArray(results) || results.length < 1 || results.length > 5000) return undefined
  const good = ({ boat, points }) =>
    typeof boat === 'string' && boat.length > 0 && boat.length <= 60 && Number.isInteger(points) && points >= 1 && points <= 1000
  return results.every(result => typeof result === 'object' && result !== null && good(result)) ? results : undefined
}

function wholeNumber(text, most) {
  const number = /^\d{1,15}$/.test(text) ? Number(text) : 0
  return number <= most ? number : 0
}
