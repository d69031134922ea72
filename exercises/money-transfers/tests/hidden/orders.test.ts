import { expect, random, test } from 'assay'
import { accountsOf, carriedOut, changesOf, drawAccounts, expectNoChange, expectRefusal, newestId, send, storedSince } from '../bank.ts'

test(
  'shows every account as it stands in the table',
  { id: 'account-each', task: 'account', points: 2, category: 'accounts' },
  async ({ http, db }) => {
    for (const account of random.shuffle(await accountsOf(db))) expect((await http.get(`/accounts/${account.id}`)).json).toEqual(account)
  },
)

test(
  'knows no account for odd ids',
  { id: 'account-unknown', task: 'account', points: 2, category: 'unknown accounts' },
  async ({ http, db }) => {
    for (const id of ['0', '-1', '100000', 'abc', '1.5', '1e3', '99999999999999999999', "1'--"]) {
      expectRefusal(await http.get(`/accounts/${encodeURIComponent(id)}`), 404, 'account_not_found')
    }
    const [account] = await accountsOf(db)
    expect((await http.get(`/accounts/${account!.id}`)).status).toBe(200)
  },
)

test('shows a transfer by its id', { id: 'transfer-shown', task: 'transfer', points: 2, category: 'transfers' }, async ({ http, db }) => {
  const [giver, taker] = await drawAccounts(db, 2)
  const { json } = await send(http, { from: giver!.id, to: taker!.id, amountCents: 1, note: random.letters(140) })
  const shown = await http.get(`/transfers/${json.id}`)
  expect(shown.status).toBe(200)
  expect(shown.json).toEqual(json)
  const [old] = await storedSince(db, 0)
  const { key: _, ...first } = old!
  expect((await http.get(`/transfers/${first.id}`)).json).toMatchObject(first)
  for (const id of ['0', '1000000', 'abc', '99999999999999999999'])
    expectRefusal(await http.get(`/transfers/${id}`), 404, 'transfer_not_found')
})

test(
  'empties an account, and not one cent more',
  { id: 'transfer-to-zero', task: 'transfer', points: 3, category: 'insufficient funds' },
  async ({ http, db }) => {
    const [giver, taker] = await drawAccounts(db, 2)
    const { id: from, balanceCents } = giver!
    const to = taker!.id
    await expectNoChange(db, async () => {
      expectRefusal(await send(http, { from, to, amountCents: balanceCents + 1 }), 409, 'insufficient_funds')
      expectRefusal(await send(http, { from, to, amountCents: 1_000_000_000 }), 409, 'insufficient_funds')
    })
    const changes = await changesOf(db, async () => void (await carriedOut(http, { from, to, amountCents: balanceCents })))
    expect(changes).toEqual({ [from]: -balanceCents, [to]: balanceCents })
    await expectNoChange(db, async () => expectRefusal(await send(http, { from, to, amountCents: 1 }), 409, 'insufficient_funds'))
  },
)

test(
  'changes nothing for an order it refuses',
  { id: 'transfer-refused', task: 'transfer', points: 3, category: 'refused orders' },
  async ({ http, db }) => {
    const [giver, taker] = await drawAccounts(db, 2)
    const [from, to] = [giver!.id, taker!.id]
    const abroad = (await accountsOf(db)).find(account => account.currency !== giver!.currency)!
    await expectNoChange(db, async () => {
      expectRefusal(await send(http, { from, to: 9_000_000, amountCents: 5 }), 404, 'account_not_found')
      expectRefusal(await send(http, { from: 9_000_000, to, amountCents: 5 }), 404, 'account_not_found')
      expectRefusal(await send(http, { from, to: Number.MAX_SAFE_INTEGER, amountCents: 5 }), 404, 'account_not_found')
      expectRefusal(await send(http, { from, to: abroad.id, amountCents: 5 }), 409, 'currency_mismatch')
      expectRefusal(await send(http, { from, to: abroad.id, amountCents: 900_000_000 }), 409, 'currency_mismatch')
    })
  },
)

test(
  'names every wrong field of an order',
  { id: 'transfer-fields', task: 'transfer', points: 3, category: 'validation' },
  async ({ http, db }) => {
    const [giver, taker] = await drawAccounts(db, 2)
    const order = { from: giver!.id, to: taker!.id, amountCents: 100 }
    const cases: [wrong: Record<string, unknown>, fields: string[]][] = [
      ...[undefined, null, '1', 1.5, 0, -1, 2 ** 53].map((from): [Record<string, unknown>, string[]] => [{ from }, ['from']]),
      ...[undefined, [2], 0, giver!.id].map((to): [Record<string, unknown>, string[]] => [{ to }, ['to']]),
      ...[undefined, 0, -100, 99.5, '100', 1_000_000_001].map((amountCents): [Record<string, unknown>, string[]] => [
        { amountCents },
        ['amountCents'],
      ]),
      ...[7, {}, 'x'.repeat(141)].map((note): [Record<string, unknown>, string[]] => [{ note }, ['note']]),
      [{ from: 'a', to: 'b', amountCents: 'c', note: 1 }, ['amountCents', 'from', 'note', 'to']],
    ]
    await expectNoChange(db, async () => {
      for (const [wrong, fields] of random.shuffle(cases)) expectRefusal(await send(http, { ...order, ...wrong }), 422, 'invalid', fields)
      expectRefusal(await send(http, order, 'k'.repeat(81)), 422, 'invalid', ['idempotency-key'])
    })
    await carriedOut(http, { ...order, note: null })
  },
)

test(
  'pages through the history with the right balances',
  { id: 'history-pages', task: 'history', points: 4, category: 'pages' },
  async ({ http, db }) => {
    const [account, ...others] = await drawAccounts(db, 4)
    const { id } = account!
    let balance = account!.balanceCents
    const wanted: { id: number; amountCents: number; balanceCents: number }[] = []
    for (let count = 0; count < 9; count++) {
      const amountCents = random.integer(1, 3000)
      const other = random.pick(others).id
      const out = random.integer(0, 1) === 1
      const made = await carriedOut(http, out ? { from: id, to: other, amountCents } : { from: other, to: id, amountCents })
      // A transfer that this account has no part in leaves no trace in its history.
      await carriedOut(http, { from: others[0]!.id, to: others[1]!.id, amountCents: 1 })
      balance += out ? -amountCents : amountCents
      wanted.unshift({ id: made, amountCents: out ? -amountCents : amountCents, balanceCents: balance })
    }
    const path = `/accounts/${id}/transfers`
    const first = (await http.get(path, { query: { limit: 4 } })).json
    expect(first.items).toMatchObject(wanted.slice(0, 4))
    expect(first.next).toBe(wanted[3]!.id)
    const second = (await http.get(path, { query: { limit: 5, before: first.next } })).json
    expect(second.items).toMatchObject(wanted.slice(4))
    const older = wanted.at(-1)!
    const third = (await http.get(path, { query: { limit: 1, before: older.id } })).json
    for (const item of third.items)
      expect(item.balanceCents, 'the balance before the first transfer of this test').toBe(account!.balanceCents)
  },
)

test(
  'ends the history with its first transfer',
  { id: 'history-end', task: 'history', points: 2, category: 'pages' },
  async ({ http, db }) => {
    const [account] = await drawAccounts(db, 1)
    const own = (await storedSince(db, 0)).filter(({ from, to }) => from === account!.id || to === account!.id)
    const ids: number[] = []
    let query: Record<string, number> = { limit: 3 }
    for (let page = 0; page <= own.length; page++) {
      const { items, next } = (await http.get(`/accounts/${account!.id}/transfers`, { query })).json
      ids.push(...items.map((item: { id: number }) => item.id))
      if (next === null) break
      expect(items).toHaveLength(3)
      query = { limit: 3, before: next }
    }
    expect(ids).toEqual(own.map(({ id }) => id).toReversed())
    expect((await newestId(db)) >= ids.length).toBe(true)
  },
)

test(
  'refuses odd questions for a history',
  { id: 'history-odd', task: 'history', points: 2, category: 'parameters' },
  async ({ http, db }) => {
    const [account] = await drawAccounts(db, 1)
    const path = `/accounts/${account!.id}/transfers`
    for (const limit of ['0', '101', '-1', 'ten', '1.5', ''])
      expectRefusal(await http.get(path, { query: { limit } }), 422, 'invalid', ['limit'])
    for (const before of ['0', '-1', 'x', '1.5']) expectRefusal(await http.get(path, { query: { before } }), 422, 'invalid', ['before'])
    expectRefusal(await http.get(path, { query: { limit: 'x', before: 'y' } }), 422, 'invalid', ['before', 'limit'])
    expectRefusal(await http.get('/accounts/9000000/transfers'), 404, 'account_not_found')
    expect((await http.get(path, { query: { limit: 100 } })).status).toBe(200)
  },
)
