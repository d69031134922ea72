import { expect, race, random, type Db, type Http, type Response } from 'assay'

export type Account = { id: number; owner: string; currency: string; balanceCents: number }
export type Order = { from: number; to: number; amountCents: number; note?: string | null }
export type Stored = { id: number; from: number; to: number; amountCents: number; note: string | null; key: string | null }

/** Accounts as they stand in the database. */
export function accountsOf(db: Db): Promise<Account[]> {
  return db.query<Account>('SELECT id::integer, owner, currency, balance_cents::float8 AS "balanceCents" FROM accounts ORDER BY id')
}

/** Different accounts of one currency, drawn at random among those that no test has emptied. */
export async function drawAccounts(db: Db, count: number): Promise<Account[]> {
  const accounts = random.shuffle(await accountsOf(db)).filter(account => account.balanceCents > 500_000)
  return accounts.filter(account => account.currency === accounts[0]!.currency).slice(0, count)
}

/** What `change` does to the balances, by account id, with 0 where nothing changed left out. */
export async function changesOf(db: Db, change: () => Promise<void>): Promise<Record<number, number>> {
  const before = await accountsOf(db)
  await change()
  const after = await accountsOf(db)
  const differences = before.map(({ id, balanceCents }, at) => [id, after[at]!.balanceCents - balanceCents] as const)
  return Object.fromEntries(differences.filter(([, difference]) => difference !== 0))
}

/** The transfers stored since the row with the highest id was `after`, oldest first. */
export function storedSince(db: Db, after: number): Promise<Stored[]> {
  return db.query<Stored>(
    `SELECT id::integer, from_account::integer AS "from", to_account::integer AS "to", amount_cents::float8 AS "amountCents", note,
            idempotency_key AS key
     FROM transfers WHERE id > $1 ORDER BY id`,
    [after],
  )
}

export async function newestId(db: Db): Promise<number> {
  const [row] = await db.query<{ id: number }>('SELECT max(id)::integer AS id FROM transfers')
  return row!.id
}

export function send(http: Http, order: unknown, key?: string): Promise<Response> {
  return http.post('/transfers', { json: order, ...(key !== undefined && { headers: { 'idempotency-key': key } }) })
}

/** All at the same moment. */
export function sendAll(http: Http, orders: readonly Order[], keys: readonly string[] = []): Promise<Response[]> {
  return race(orders.length, at => send(http, orders[at], keys[at]))
}

/** Sends an order that must be carried out, and returns the transfer's id. */
export async function carriedOut(http: Http, order: Order, key?: string): Promise<number> {
  const { status, json } = await send(http, order, key)
  expect(status, 'status of POST /transfers').toBe(201)
  return json.id
}

export function expectRefusal(response: Response, status: number, error: string, fields?: string[]): void {
  const found = { status: response.status, error: response.json.error, ...(fields && { fields: response.json.fields?.toSorted() }) }
  expect(found).toEqual({ status, error, ...(fields && { fields: fields.toSorted() }) })
}

/** Nothing may change in the database while `act` runs. */
export async function expectNoChange(db: Db, act: () => Promise<void>): Promise<void> {
  const newest = await newestId(db)
  expect(await changesOf(db, act), 'changed balances').toEqual({})
  expect(await storedSince(db, newest), 'stored transfers').toEqual([])
}
