import { expect, random, rounds, statusCounts, test } from 'assay'
import { carriedOut, changesOf, drawAccounts, expectNoChange, expectRefusal, newestId, send, sendAll, storedSince } from '../bank.ts'

test(
  'refuses a key that stood for another order',
  { id: 'once-reused', task: 'once', points: 3, category: 'reused keys' },
  async ({ http, db }) => {
    const [giver, taker, third] = await drawAccounts(db, 3)
    const order = { from: giver!.id, to: taker!.id, amountCents: 1200, note: `rent of ${random.name()}` }
    const key = random.letters(80)
    const id = await carriedOut(http, order, key)
    const others = [
      { amountCents: 1201 },
      { note: `Rent of ${random.name()}` },
      { note: null },
      { to: third!.id },
      { from: third!.id },
      { to: 9_000_000 },
    ]
    await expectNoChange(db, async () => {
      for (const other of others) expectRefusal(await send(http, { ...order, ...other }, key), 409, 'key_reused')
      expectRefusal(await send(http, { ...order, amountCents: 0 }, key), 422, 'invalid', ['amountCents'])
      const again = await send(http, order, key)
      expect({ status: again.status, id: again.json.id }).toEqual({ status: 200, id })
    })
  },
)

test(
  'takes a key again after a refusal',
  { id: 'once-after-refusal', task: 'once', points: 3, category: 'refused orders with a key' },
  async ({ http, db }) => {
    const [giver, taker] = await drawAccounts(db, 2)
    const [from, to] = [giver!.id, taker!.id]
    const key = random.letters(12)
    expectRefusal(await send(http, { from, to, amountCents: giver!.balanceCents + 1 }, key), 409, 'insufficient_funds')
    expectRefusal(await send(http, { from, to: 9_000_000, amountCents: 10 }, key), 404, 'account_not_found')
    const id = await carriedOut(http, { from, to, amountCents: giver!.balanceCents }, key)
    // The account is empty by now: a repetition is still no new order.
    const again = await send(http, { from, to, amountCents: giver!.balanceCents }, key)
    expect({ status: again.status, id: again.json.id }).toEqual({ status: 200, id })
  },
)

test(
  'carries out each order without a key',
  { id: 'once-without-key', task: 'once', points: 1, category: 'orders without a key' },
  async ({ http, db }) => {
    const [giver, taker] = await drawAccounts(db, 2)
    const order = { from: giver!.id, to: taker!.id, amountCents: 10 }
    const changes = await changesOf(db, async () => {
      const ids = [await carriedOut(http, order), await carriedOut(http, order), await carriedOut(http, order, random.letters(9))]
      expect(new Set(ids).size).toBe(3)
    })
    expect(changes).toEqual({ [giver!.id]: -30, [taker!.id]: 30 })
  },
)

test(
  'carries out one of ten that come at once',
  { id: 'once-at-once', task: 'once', points: 4, category: 'the same key at the same moment' },
  async ({ http, db }) => {
    await rounds(4, async () => {
      const [giver, taker] = await drawAccounts(db, 2)
      const order = { from: giver!.id, to: taker!.id, amountCents: random.integer(1, 900) }
      const key = random.letters(16)
      const newest = await newestId(db)
      const changes = await changesOf(db, async () => {
        const answers = await sendAll(
          http,
          Array.from({ length: 10 }, () => order),
          Array.from({ length: 10 }, () => key),
        )
        expect(statusCounts(answers)).toEqual({ 200: 9, 201: 1 })
        expect(new Set(answers.map(answer => answer.json.id)).size).toBe(1)
      })
      expect(changes).toEqual({ [giver!.id]: -order.amountCents, [taker!.id]: order.amountCents })
      expect(await storedSince(db, newest)).toMatchObject([{ key }])
    })
  },
)

test(
  'never overdraws an account',
  { id: 'many-overdraw', task: 'many', points: 5, category: 'orders for the last money' },
  async ({ http, db }) => {
    await rounds(4, async () => {
      const [giver, ...takers] = await drawAccounts(db, 4)
      const enough = random.integer(3, 6)
      const amountCents = Math.floor(giver!.balanceCents / enough)
      const orders = Array.from({ length: 16 }, (_, at) => ({ from: giver!.id, to: takers[at % 3]!.id, amountCents }))
      const newest = await newestId(db)
      const changes = await changesOf(db, async () => {
        const answers = await sendAll(http, orders)
        expect(statusCounts(answers)).toEqual({ 201: enough, 409: 16 - enough })
        for (const answer of answers.filter(({ status }) => status === 409)) expectRefusal(answer, 409, 'insufficient_funds')
      })
      expect(changes[giver!.id]).toBe(-enough * amountCents)
      expect(
        Object.values(changes).reduce((sum, change) => sum + change, 0),
        'money made or lost',
      ).toBe(0)
      expect(await storedSince(db, newest)).toHaveLength(enough)
    })
  },
)

test(
  'serves orders in opposite directions',
  { id: 'many-opposite', task: 'many', points: 4, category: 'opposite orders' },
  async ({ http, db }) => {
    const [one, other] = await drawAccounts(db, 2)
    const amountCents = random.integer(1, 900)
    const there = { from: one!.id, to: other!.id, amountCents }
    const back = { from: other!.id, to: one!.id, amountCents }
    const newest = await newestId(db)
    const changes = await changesOf(db, async () => {
      await rounds(16, async () => expect(statusCounts(await sendAll(http, [there, back, there, back]))).toEqual({ 201: 4 }))
    })
    expect(changes).toEqual({})
    // Nothing that moved at all would leave the same balances.
    expect(await storedSince(db, newest), 'stored transfers').toHaveLength(64)
  },
)

test(
  'serves orders that go round in a circle',
  { id: 'many-circle', task: 'many', points: 4, category: 'a circle of orders' },
  async ({ http, db }) => {
    const accounts = await drawAccounts(db, 5)
    const orders = Array.from({ length: 20 }, (_, at) => ({
      from: accounts[at % 5]!.id,
      to: accounts[(at + 1) % 5]!.id,
      amountCents: random.integer(1, 500),
    }))
    const wanted = new Map<number, number>(accounts.map(({ id }) => [id, 0]))
    for (const { from, to, amountCents } of orders) {
      wanted.set(from, wanted.get(from)! - amountCents)
      wanted.set(to, wanted.get(to)! + amountCents)
    }
    const changes = await changesOf(db, async () => {
      expect(statusCounts(await sendAll(http, orders))).toEqual({ 201: 20 })
    })
    expect(changes).toEqual(Object.fromEntries([...wanted].filter(([, change]) => change !== 0)))
  },
)
