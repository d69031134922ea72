// Fastify; the whole order is one statement of several parts, behind an advisory lock per key.
import Fastify from 'fastify'
import pg from 'pg'

pg.types.setTypeParser(20, Number)
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 12 })
const app = Fastify()

const ORDER = `
  WITH parties AS MATERIALIZED (
    SELECT id, currency, balance_cents FROM accounts WHERE id IN ($1, $2) ORDER BY id FOR UPDATE
  ),
  giver AS (SELECT * FROM parties WHERE id = $1),
  taker AS (SELECT * FROM parties WHERE id = $2),
  allowed AS (
    SELECT giver.currency FROM giver, taker WHERE giver.currency = taker.currency AND giver.balance_cents >= $3
  ),
  moved AS (
    UPDATE accounts SET balance_cents = balance_cents + CASE id WHEN $1 THEN -$3::bigint ELSE $3::bigint END
    WHERE id IN ($1, $2) AND EXISTS (SELECT FROM allowed)
  ),
  stored AS (
    INSERT INTO transfers (from_account, to_account, amount_cents, note, idempotency_key)
    SELECT $1, $2, $3, $4, $5 FROM allowed RETURNING *
  )
  SELECT (SELECT count(*) FROM parties)::integer AS parties,
         (SELECT giver.currency = taker.currency FROM giver, taker) AS one_currency,
         (SELECT currency FROM allowed) AS currency, stored.*
  FROM (SELECT) AS always LEFT JOIN stored ON true`

const SHOWN = `SELECT t.*, a.currency FROM transfers t JOIN accounts a ON a.id = t.from_account`

app.setErrorHandler((error, _, reply) => {
  if (error.statusCode === 400) return reply.code(422).send({ error: 'invalid', fields: ['from', 'to', 'amountCents'] })
  console.error(error)
  return reply.code(500).send({ error: 'internal' })
})

app.get('/accounts/:id', async (request, reply) => {
  const account = await accountOf(request.params.id)
  if (!account) return reply.code(404).send({ error: 'account_not_found' })
  return { id: account.id, owner: account.owner, currency: account.currency, balanceCents: account.balance_cents }
})

app.get('/transfers/:id', async (request, reply) => {
  const { rows } = isId(request.params.id) ? await pool.query(`${SHOWN} WHERE t.id = $1`, [request.params.id]) : { rows: [] }
  return rows[0] ? shown(rows[0]) : reply.code(404).send({ error: 'transfer_not_found' })
})

app.post('/transfers', async (request, reply) => {
  const { from, to, amountCents, note = null } = request.body ?? {}
  const key = request.headers['idempotency-key']
  const rules = {
    from: isAccount(from),
    to: isAccount(to) && to !== from,
    amountCents: Number.isInteger(amountCents) && amountCents > 0 && amountCents <= 1e9,
    note: note === null || (typeof note === 'string' && note.length <= 140),
    'idempotency-key': key === undefined || (key.length > 0 && key.length <= 80),
  }
  const fields = Object.keys(rules).filter(rule => !rules[rule])
  if (fields.length > 0) return reply.code(422).send({ error: 'invalid', fields })
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    if (key !== undefined) {
      await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key])
      const { rows } = await client.query(`${SHOWN} WHERE idempotency_key = $1`, [key])
      if (rows[0]) {
        const before = shown(rows[0])
        const same = JSON.stringify([before.from, before.to, before.amountCents, before.note]) === JSON.stringify([from, to, amountCents, note])
        return same ? before : reply.code(409).send({ error: 'key_reused' })
      }
    }
    const { rows } = await client.query(ORDER, [from, to, amountCents, note, key ?? null])
    const [{ parties, one_currency, ...row }] = rows
    if (parties < 2) return reply.code(404).send({ error: 'account_not_found' })
    if (!one_currency) return reply.code(409).send({ error: 'currency_mismatch' })
    if (row.id === null) return reply.code(409).send({ error: 'insufficient_funds' })
    await client.query('COMMIT')
    return reply.code(201).header('location', `/transfers/${row.id}`).send(shown(row))
  } finally {
    await client.query('ROLLBACK')
    client.release()
  }
})

app.get('/accounts/:id/transfers', async (request, reply) => {
  const account = await accountOf(request.params.id)
  if (!account) return reply.code(404).send({ error: 'account_not_found' })
  const { limit = '20', before } = request.query
  const rules = { limit: isId(limit) && Number(limit) <= 100, before: before === undefined || isId(before) }
  const fields = Object.keys(rules).filter(rule => !rules[rule])
  if (fields.length > 0) return reply.code(422).send({ error: 'invalid', fields })
  // What came after this page has to be taken back from the present balance first.
  const values = [account.id, before ?? null, Number(limit) + 1]
  const sign = 'CASE WHEN from_account = $1 THEN -amount_cents ELSE amount_cents END'
  const own = '(from_account = $1 OR to_account = $1)'
  const { rows: [{ later }] } = await pool.query(
    `SELECT coalesce(sum(${sign}), 0)::bigint AS later FROM transfers WHERE ${own} AND id >= $2::bigint`,
    values.slice(0, 2),
  )
  const { rows } = await pool.query(
    `SELECT id, note, from_account, to_account, ${sign} AS amount FROM transfers
     WHERE ${own} AND ($2::bigint IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    values,
  )
  let balanceCents = account.balance_cents - later
  const items = []
  for (const row of rows.slice(0, Number(limit))) {
    const otherAccount = row.from_account === account.id ? row.to_account : row.from_account
    items.push({ id: row.id, otherAccount, amountCents: row.amount, balanceCents, note: row.note })
    balanceCents -= row.amount
  }
  return { items, next: rows.length > items.length ? items.at(-1).id : null }
})

await app.listen({ port: Number(process.env.PORT), host: process.env.HOST })

async function accountOf(id) {
  if (!isId(id)) return undefined
  const { rows } = await pool.query('SELECT * FROM accounts WHERE id = $1', [id])
  return rows[0]
}

function shown({ id, from_account, to_account, amount_cents, currency, note, created_at }) {
  return { id, from: from_account, to: to_account, amountCents: amount_cents, currency, note, createdAt: created_at }
}

function isAccount(value) {
  return Number.isSafeInteger(value) && value > 0
}

function isId(text) {
  return /^[1-9]\d{0,17}$/.test(text)
}
