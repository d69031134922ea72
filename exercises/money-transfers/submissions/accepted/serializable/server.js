// Express; every order runs at SERIALIZABLE and begins again when PostgreSQL says that it met another one.
import express from 'express'
import pg from 'pg'

pg.types.setTypeParser(20, Number)
const db = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 8 })
const app = express()
app.use(express.json({ strict: false }))
const id = /^\d{1,18}$/
const counted = z => typeof z === 'string' && id.test(z) && Number(z) > 0

app.get('/accounts/:id', async (req, res) => {
  const account = await find(req.params.id)
  if (!account) return res.status(404).json({ error: 'account_not_found' })
  res.json({ id: account.id, owner: account.owner, currency: account.currency, balanceCents: account.balance_cents })
})

app.get('/accounts/:id/transfers', async (req, res) => {
  const account = await find(req.params.id)
  if (!account) return res.status(404).json({ error: 'account_not_found' })
  const { limit = '20', before = '999999999999999999' } = req.query
  const fields = []
  if (!counted(limit) || Number(limit) > 100) fields.push('limit')
  if (!counted(before)) fields.push('before')
  if (fields.length) return res.status(422).json({ error: 'invalid', fields })
  const { rows } = await db.query('SELECT * FROM transfers WHERE from_account = $1 OR to_account = $1 ORDER BY id DESC', [account.id])
  let balanceCents = account.balance_cents
  const all = rows.map(row => {
    const out = row.from_account === account.id
    const item = {
      id: row.id,
      otherAccount: out ? row.to_account : row.from_account,
      amountCents: out ? -row.amount_cents : row.amount_cents,
      balanceCents,
      note: row.note,
    }
    balanceCents -= item.amountCents
    return item
  })
  const rest = all.filter(item => item.id < Number(before))
  const items = rest.slice(0, Number(limit))
  res.json({ items, next: rest.length > items.length ? items[items.length - 1].id : null })
})

app.get('/transfers/:id', async (req, res) => {
  const transfer = id.test(req.params.id) && (await load(db, 'transfers.id', req.params.id))
  if (!transfer) return res.status(404).json({ error: 'transfer_not_found' })
  res.json(transfer)
})

app.post('/transfers', async (req, res) => {
  const order = Object(req.body)
  const key = req.get('Idempotency-Key')
  const fields = wrongFields(order)
  if (key !== undefined && (key.length === 0 || key.length > 80)) fields.push('idempotency-key')
  if (fields.length) return res.status(422).json({ error: 'invalid', fields })
  const [status, body] = await carryOut(order, key)
  if (status === 201) res.location('/transfers/' + body.id)
  res.status(status).json(body)
})

app.listen(process.env.PORT)

async function carryOut(order, key) {
  for (;;) {
    const client = await db.connect()
    try {
      await client.query('BEGIN ISOLATION LEVEL SERIALIZABLE')
      const answer = await attempt(client, order, key)
      await client.query(answer[0] === 201 ? 'COMMIT' : 'ROLLBACK')
      return answer
    } catch (error) {
      await client.query('ROLLBACK')
      // Serialization failure, deadlock, or the other order with this key was quicker: look again.
      if (!['40001', '40P01', '23505'].includes(error.code)) throw error
    } finally {
      client.release()
    }
  }
}

async function attempt(client, { from, to, amountCents, note = null }, key) {
  const before = key === undefined ? undefined : await load(client, 'idempotency_key', key)
  if (before) {
    const same = before.from === from && before.to === to && before.amountCents === amountCents && before.note === note
    return same ? [200, before] : [409, { error: 'key_reused' }]
  }
  const { rows } = await client.query('SELECT * FROM accounts WHERE id = ANY($1)', [[from, to]])
  if (rows.length < 2) return [404, { error: 'account_not_found' }]
  if (rows[0].currency !== rows[1].currency) return [409, { error: 'currency_mismatch' }]
  if (rows.find(row => row.id === from).balance_cents < amountCents) return [409, { error: 'insufficient_funds' }]
  const change = 'UPDATE accounts SET balance_cents = balance_cents + $1 WHERE id = $2'
  // In one order for all: two that meet then wait for each other one way only.
  const changes = [[-amountCents, from], [amountCents, to]]
  for (const each of changes.toSorted((one, other) => one[1] - other[1])) await client.query(change, each)
  const inserted = await client.query(
    'INSERT INTO transfers (from_account, to_account, amount_cents, note, idempotency_key) VALUES ($1, $2, $3, $4, $5) RETURNING id',
    [from, to, amountCents, note, key ?? null],
  )
  return [201, await load(client, 'transfers.id', inserted.rows[0].id)]
}

async function load(client, column, value) {
  const { rows } = await client.query(
    `SELECT transfers.*, currency FROM transfers JOIN accounts ON accounts.id = from_account WHERE ${column} = $1`,
    [value],
  )
  const [row] = rows
  return (
    row && {
      id: row.id,
      from: row.from_account,
      to: row.to_account,
      amountCents: row.amount_cents,
      currency: row.currency,
      note: row.note,
      createdAt: row.created_at.toISOString(),
    }
  )
}

async function find(given) {
  if (!id.test(given)) return undefined
  return (await db.query('SELECT * FROM accounts WHERE id = $1', [given])).rows[0]
}

function wrongFields({ from, to, amountCents, note }) {
  const fields = []
  if (!Number.isSafeInteger(from) || from < 1) fields.push('from')
  if (!Number.isSafeInteger(to) || to < 1 || to === from) fields.push('to')
  if (!Number.isInteger(amountCents) || amountCents < 1 || amountCents > 1_000_000_000) fields.push('amountCents')
  if (note != null && !(typeof note === 'string' && note.length <= 140)) fields.push('note')
  return fields
}
