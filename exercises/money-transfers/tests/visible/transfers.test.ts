import { expect, random, rounds, statusCounts, test } from 'assay'
import { accountsOf, carriedOut, changesOf, drawAccounts, newestId, send, sendAll, storedSince } from '../bank.ts'

test(
  'shows an account with its balance',
  { id: 'account-shown', task: 'account', hint: 'node-postgres gives a bigint as a string; the answer needs a number.' },
  async ({ http, db }) => {
    const account = random.pick(await accountsOf(db))
    const { status, json } = await http.get(`/accounts/${account.id}`)
    expect(status).toBe(200)
    expect(json).toEqual(account)
  },
)

test(
  'moves the money and stores the transfer',
  { id: 'transfer-moves', task: 'transfer', hint: 'Both balances change, and a row stands in transfers. Did you COMMIT?' },
  async ({ http, db }) => {
    const [giver, taker] = await drawAccounts(db, 2)
    const order = { from: giver!.id, to: taker!.id, amountCents: random.integer(1, 5000), note: random.word() }
    const newest = await newestId(db)
    const changes = await changesOf(db, async () => {
      const { status, json, headers } = await send(http, order)
      expect(status).toBe(201)
      const createdAt = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
      expect(json).toEqual({ id: expect.any(Number), ...order, currency: giver!.currency, createdAt })
      expect(headers['location']).toBe(`/transfers/${json.id}`)
    })
    expect(changes).toEqual({ [giver!.id]: -order.amountCents, [taker!.id]: order.amountCents })
    expect(await storedSince(db, newest)).toEqual([{ id: expect.any(Number), ...order, key: null }])
  },
)

test(
  'carries an order with a key out once',
  { id: 'once-repeated', task: 'once', hint: 'The second answer is 200 with the transfer of the first, and only one row is stored.' },
  async ({ http, db }) => {
    const [giver, taker] = await drawAccounts(db, 2)
    const order = { from: giver!.id, to: taker!.id, amountCents: random.integer(1, 5000) }
    const key = random.letters(20)
    const newest = await newestId(db)
    const changes = await changesOf(db, async () => {
      const first = await send(http, order, key)
      const second = await send(http, order, key)
      expect([first.status, second.status]).toEqual([201, 200])
      expect(second.json).toEqual(first.json)
    })
    expect(changes).toEqual({ [giver!.id]: -order.amountCents, [taker!.id]: order.amountCents })
    expect(await storedSince(db, newest)).toMatchObject([{ key }])
  },
)

test(
  'loses no cent of orders that come together',
  {
    id: 'many-no-loss',
    task: 'many',
    hint: 'Between reading a balance and writing it another order may have changed it. Who keeps it from doing so?',
  },
  async ({ http, db }) => {
    await rounds(4, async () => {
      const [giver, ...takers] = await drawAccounts(db, 5)
      const orders = Array.from({ length: 16 }, (_, at) => ({
        from: giver!.id,
        to: takers[at % 4]!.id,
        amountCents: random.integer(1, 900),
      }))
      const newest = await newestId(db)
      const changes = await changesOf(db, async () => {
        expect(statusCounts(await sendAll(http, orders))).toEqual({ 201: 16 })
      })
      const wanted: Record<number, number> = {}
      for (const { from, to, amountCents } of orders) {
        wanted[from] = (wanted[from] ?? 0) - amountCents
        wanted[to] = (wanted[to] ?? 0) + amountCents
      }
      expect(changes).toEqual(wanted)
      expect(await storedSince(db, newest)).toHaveLength(16)
    })
  },
)

test(
  'tells the balance after each transfer',
  { id: 'history-balances', task: 'history', hint: 'Begin with the present balance and go back; what came in must be taken away again.' },
  async ({ http, db }) => {
    const [account, other] = await drawAccounts(db, 2)
    const out = await carriedOut(http, { from: account!.id, to: other!.id, amountCents: 700, note: 'rent' })
    const back = await carriedOut(http, { from: other!.id, to: account!.id, amountCents: 250 })
    const { status, json } = await http.get(`/accounts/${account!.id}/transfers?limit=2`)
    expect(status).toBe(200)
    expect(json.items).toEqual([
      { id: back, otherAccount: other!.id, amountCents: 250, balanceCents: account!.balanceCents - 450, note: null },
      { id: out, otherAccount: other!.id, amountCents: -700, balanceCents: account!.balanceCents - 700, note: 'rent' },
    ])
  },
)
