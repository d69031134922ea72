// Locks the giver, then the taker: two opposite orders wait for each other until PostgreSQL ends one.
import { createServer } from 'node:http'
import pg from 'pg'

pg.types.setTypeParser(pg.types.builtins.INT8, Number)
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 2 })

const TRANSFER = `
  SELECT transfer.id, from_account AS "from", to_account AS "to", amount_cents AS "amountCents", currency, note, created_at AS "createdAt"
  FROM transfers AS transfer JOIN accounts ON accounts.id = from_account`

class Refusal extends Error {
  constructor(status, error, fields) {
    super(error)
    this.status = status
    this.body = { error, ...(fields && { fields }) }
  }
}

createServer(async (request, response) => {
  let answer
  try {
    answer = await route(request)
  } catch (error) {
    if (!(error instanceof Refusal)) console.error(error)
    answer = error instanceof Refusal ? [error.status, error.body] : [500, { error: 'internal' }]
  }
  const [status, body, headers] = answer
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}).listen(Number(process.env.PORT), process.env.HOST)

async function route(request) {
  const url = new URL(request.url, 'http://bank')
  const [, collection, id, part] = url.pathname.split('/')
  if (request.method === 'POST' && url.pathname === '/transfers') return transfer(await readJson(request), request.headers['idempotency-key'])
  if (request.method === 'GET' && collection === 'accounts' && part === undefined) return [200, await account(id)]
  if (request.method === 'GET' && collection === 'accounts' && part === 'transfers') return [200, await history(await account(id), url.searchParams)]
  if (request.method === 'GET' && collection === 'transfers') return [200, await oneTransfer(id)]
  throw new Refusal(404, 'not_found')
}

async function account(id) {
  const [found] = isId(id) ? await rows('SELECT id, owner, currency, balance_cents AS "balanceCents" FROM accounts WHERE id = $1', [id]) : []
  if (!found) throw new Refusal(404, 'account_not_found')
  return found
}

async function oneTransfer(id) {
  const [found] = isId(id) ? await rows(`${TRANSFER} WHERE transfer.id = $1`, [id]) : []
  if (!found) throw new Refusal(404, 'transfer_not_found')
  return found
}

async function transfer(order, key) {
  check(order, key)
  const note = order.note ?? null
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const accounts = []
    for (const id of [order.from, order.to]) {
      accounts.push(...(await client.query('SELECT * FROM accounts WHERE id = $1 FOR UPDATE', [id])).rows)
    }
    // Whoever came with the same key has let go of these accounts by now, and has stored its transfer.
    if (key !== undefined) {
      const { rows: [before] } = await client.query(`${TRANSFER} WHERE idempotency_key = $1`, [key])
      if (before) return sameOrder(before, { ...order, note })
    }
    const giver = accounts.find(({ id }) => id === order.from)
    const taker = accounts.find(({ id }) => id === order.to)
    if (!giver || !taker) throw new Refusal(404, 'account_not_found')
    if (giver.currency !== taker.currency) throw new Refusal(409, 'currency_mismatch')
    if (giver.balance_cents < order.amountCents) throw new Refusal(409, 'insufficient_funds')
    await client.query('UPDATE accounts SET balance_cents = balance_cents - $2 WHERE id = $1', [order.from, order.amountCents])
    await client.query('UPDATE accounts SET balance_cents = balance_cents + $2 WHERE id = $1', [order.to, order.amountCents])
    const { rows: [{ id }] } = await client.query(
      'INSERT INTO transfers (from_account, to_account, amount_cents, note, idempotency_key) VALUES ($1, $2, $3, $4, $5) RETURNING id',
      [order.from, order.to, order.amountCents, note, key ?? null],
    )
    const { rows: [stored] } = await client.query(`${TRANSFER} WHERE transfer.id = $1`, [id])
    await client.query('COMMIT')
    return [201, stored, { location: `/transfers/${id}` }]
  } catch (error) {
    // The same key for other accounts, at the same moment: nothing kept the two apart but the unique key.
    if (error.code === '23505') throw new Refusal(409, 'key_reused')
    throw error
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
}

function sameOrder(before, order) {
  const same = ['from', 'to', 'amountCents', 'note'].every(field => before[field] === order[field])
  if (!same) throw new Refusal(409, 'key_reused')
  return [200, before]
}

async function history(account, query) {
  const limit = query.get('limit') ?? '20'
  const before = query.get('before')
  const wrong = [!(isId(limit) && Number(limit) <= 100) && 'limit', before !== null && !isId(before) && 'before'].filter(Boolean)
  if (wrong.length > 0) throw new Refusal(422, 'invalid', wrong)
  const found = await rows(
    `SELECT id, "otherAccount", "amountCents", $2 - later AS "balanceCents", note
     FROM (
       SELECT *, coalesce(sum("amountCents") OVER (ORDER BY id DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)::bigint AS later
       FROM (
         SELECT id, note, CASE WHEN from_account = $1 THEN to_account ELSE from_account END AS "otherAccount",
                CASE WHEN from_account = $1 THEN -amount_cents ELSE amount_cents END AS "amountCents"
         FROM transfers WHERE $1 IN (from_account, to_account)
       ) AS own
     ) AS counted
     WHERE $3::bigint IS NULL OR id < $3
     ORDER BY id DESC LIMIT $4`,
    [account.id, account.balanceCents, before, Number(limit) + 1],
  )
  const items = found.slice(0, Number(limit))
  return { items, next: found.length > items.length ? items.at(-1).id : null }
}

function check(order, key) {
  const { from, to, amountCents, note } = typeof order === 'object' && order !== null ? order : {}
  const isAccount = value => Number.isSafeInteger(value) && value > 0
  const fields = [
    !isAccount(from) && 'from',
    (!isAccount(to) || to === from) && 'to',
    !(Number.isInteger(amountCents) && amountCents >= 1 && amountCents <= 1e9) && 'amountCents',
    note !== undefined && note !== null && (typeof note !== 'string' || note.length > 140) && 'note',
    key !== undefined && (key.length < 1 || key.length > 80) && 'idempotency-key',
  ].filter(Boolean)
  if (fields.length > 0) throw new Refusal(422, 'invalid', fields)
}

function isId(text) {
  return /^[1-9][0-9]{0,17}$/.test(text ?? '')
}

async function rows(text, values) {
  return (await pool.query(text, values)).rows
}

async function readJson(request) {
  let text = ''
  for await (const chunk of request.setEncoding('utf8')) text += chunk
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
