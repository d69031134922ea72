import { expect, random, test } from 'assay'

const TAKEN_ON = '2031-01-01'

test(
  'keeps nobody waiting',
  { id: 'open-traffic', task: 'open', points: 6, category: 'the shop while up runs' },
  async ({ migration, db }) => {
    const seeded = Number((await db.query('SELECT count(*) AS n FROM orders'))[0]!.n)
    let taken = 0
    const customer = () => random.integer(1, 200_000)
    await migration.upUnderTraffic({
      old: [
        {
          sql: `INSERT INTO orders (customer_id, cents, placed_on) VALUES ($1, $2, '${TAKEN_ON}')`,
          params: () => [customer(), ++taken],
        },
        { sql: 'SELECT customer_id, cents FROM orders WHERE id = $1', params: () => [random.integer(1, seeded)] },
        // Written anew with the value it has, so that it can still be told whether anything else changed.
        { sql: 'UPDATE orders SET cents = cents WHERE id = $1', params: () => [random.integer(1, 1000)] },
        { sql: 'UPDATE customers SET name = name WHERE id = $1', params: () => [customer()] },
      ],
      new: [
        {
          sql: `INSERT INTO orders (customer_id, cents, placed_on, channel) VALUES ($1, $2, '${TAKEN_ON}', 'web')`,
          params: () => [customer(), ++taken],
        },
        'SELECT channel, count(*) FROM orders WHERE customer_id = 7 GROUP BY channel',
      ],
      maxWaitMs: 100,
    })
    await migration.expectSchema()
    const [all] = await db.query<{ n: string; channels: string[] }>(
      'SELECT count(*) AS n, array_agg(DISTINCT channel) AS channels FROM orders',
    )
    expect(Number(all!.n) - seeded, 'orders taken while the migration ran that are still there').toBe(taken)
    expect(all!.channels.toSorted()).toEqual(['shop', 'web'])
  },
)

test(
  'ties orders to customers',
  { id: 'schema-writes', task: 'schema', points: 3, category: 'what the schema refuses' },
  async ({ migration, db }) => {
    await migration.up()
    const insert = "INSERT INTO orders (customer_id, cents, placed_on) VALUES ($1, $2, '2030-01-01') RETURNING channel"
    await db.mustFail(insert, [random.integer(200_001, 900_000), 5], { code: '23503' })
    expect(await db.mustWork(insert, [random.integer(1, 200_000), random.integer(1, 500)])).toEqual([{ channel: 'shop' }])
    await db.mustFail('UPDATE orders SET channel = NULL WHERE id = $1', [random.integer(1, 1000)], { code: '23502' })
    await db.mustFail('UPDATE orders SET customer_id = 0 WHERE id = $1', [random.integer(1, 1000)], { code: '23503' })
  },
)

// On the same database: what the shop took meanwhile came after the rows that were there.
test(
  'keeps every row on the way back',
  { id: 'back-rows', task: 'back', points: 3, category: 'rows after down' },
  async ({ migration }) => {
    await migration.up()
    await migration.expectSchema()
    await migration.down()
    await migration.expectOldSchema()
    await migration.expectKept({ added: ['orders'] })
  },
)
