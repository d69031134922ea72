import { expect, random, test } from 'assay'

test('CANARY-NAME reads any account', { id: 'canary-reads', task: 'read', points: 4, category: 'reading' }, async ({ http, db }) => {
  const id = random.integer(3, 40)
  const [account] = await db.query<{ owner: string; cents: string }>('SELECT owner, cents FROM accounts WHERE id = $1', [id])
  expect((await http.get(`/accounts/${id}`)).json).toEqual({ owner: account!.owner, cents: Number(account!.cents) })
  expect((await http.get('/accounts/4711?canary=CANARY-REQUEST')).status).toBe(404)
})

test('CANARY-NAME pays in', { id: 'canary-pays', task: 'pay', points: 6, category: 'paying' }, async ({ http, db }) => {
  const cents = random.integer(1, 500)
  expect((await http.post('/accounts/2/payments', { json: { cents } })).status).toBe(201)
  const [account] = await db.query<{ cents: string }>('SELECT cents FROM accounts WHERE id = 2')
  expect(Number(account!.cents)).toBe(250 + cents)
})
