import { createServer } from 'node:http'

/** Boat → points. Each request ranks every boat by counting those ahead of it. */
const sums = new Map()

const add = (boat, points) => sums.set(boat, (sums.get(boat) ?? 0) + points)

const size = () => sums.size

function board() {
  const all = [...sums].map(([boat, points]) => ({ boat, points }))
  const ranked = all.map(each => ({ ...each, rank: 1 + all.filter(other => other.points > each.points).length }))
  return ranked.sort((one, other) => one.rank - other.rank || (one.boat < other.boat ? -1 : 1))
}

const page = (start, count) => board().slice(start, start + count)

const find = boat => board().find(each => each.boat === boat)

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
