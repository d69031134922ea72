import { expect, random, test } from 'assay'
import { highestIds } from '../highest-ids.ts'

/** "12.50" in cents, without a detour over binary fractions. */
function cents(amount: string | null): number {
  return amount === null ? 0 : Number(amount.replace('.', ''))
}

function byId(one: { id: number }, other: { id: number }): number {
  return one.id - other.id
}

test(
  'goes on after the highest id of all times',
  { id: 'schema-ids', task: 'schema', points: 3, category: 'new rows' },
  async ({ migration, db, seed }) => {
    await migration.up()
    const highest = highestIds(seed)
    const [member] = await db.mustWork<{ id: number }>(
      "INSERT INTO members (family_name, email) VALUES ('New', 'new@club.example') RETURNING id",
    )
    expect(member!.id, 'the id of a new member').toBe(highest.member + 1)
    const [payment] = await db.mustWork<{ id: number }>(
      "INSERT INTO payments (member_id, amount_cents, paid_on) VALUES (1, 5, '2026-05-05') RETURNING id",
    )
    // Each try takes an id, also when it is rolled back.
    expect(payment!.id, 'the id of a new payment').toBe(highest.payment + 1)
  },
)

test('splits every name at its last space', { id: 'names-all', task: 'names', points: 4, category: 'names' }, async ({ migration, db }) => {
  await migration.up()
  const wanted = migration.seeded.rows('members').map(({ id, full_name: name }) => {
    const space = name!.lastIndexOf(' ')
    return { id: Number(id), given_names: space === -1 ? null : name!.slice(0, space), family_name: name!.slice(space + 1) }
  })
  expect(await db.query('SELECT id, given_names, family_name FROM members ORDER BY id')).toEqual(wanted.toSorted(byId))
})

test('asks for a family name only', { id: 'names-required', task: 'names', points: 2, category: 'names' }, async ({ migration, db }) => {
  await migration.up()
  const insert = 'INSERT INTO members (given_names, family_name, email) VALUES ($1, $2, $3)'
  const address = random.email()
  await db.mustFail(insert, [random.givenName(), null, address], { code: '23502' })
  await db.mustWork(insert, [null, random.familyName(), address])
  // Of the old rows, too: a new table beside them would be no way to keep the club's members in order.
  const old = random.pick(migration.seeded.rows('members').filter(({ id }) => Number(id) > 3))
  await db.mustFail('UPDATE members SET family_name = NULL WHERE id = $1', [old.id], { code: '23502' })
})

test('keeps every fee', { id: 'cents-all', task: 'cents', points: 3, category: 'fees' }, async ({ migration, db }) => {
  await migration.up()
  const wanted = migration.seeded.rows('members').map(({ id, email, fee }) => ({ id: Number(id), email, fee_cents: cents(fee!) }))
  expect(await db.query('SELECT id, email, fee_cents FROM members ORDER BY id')).toEqual(wanted.toSorted(byId))
})

test(
  'takes no negative fee and assumes none',
  { id: 'cents-limits', task: 'cents', points: 3, category: 'fees' },
  async ({ migration, db }) => {
    await migration.up()
    const insert = 'INSERT INTO members (family_name, email, fee_cents) VALUES ($1, $2, $3) RETURNING fee_cents'
    const [name, address] = [random.familyName(), random.email()]
    await db.mustFail(insert, [name, address, -random.integer(1, 5000)], { code: '23514' })
    await db.mustFail(insert, [name, address, null], { code: '23502' })
    expect(await db.mustWork(insert, [name, address, 0])).toEqual([{ fee_cents: 0 }])
    const without = 'INSERT INTO members (family_name, email) VALUES ($1, $2) RETURNING fee_cents'
    expect(await db.mustWork(without, [name, address])).toEqual([{ fee_cents: 0 }])
    const old = random.pick(migration.seeded.rows('members').filter(({ id }) => Number(id) > 3))
    await db.mustFail('UPDATE members SET fee_cents = -1 WHERE id = $1', [old.id], { code: '23514' })
  },
)

test(
  'keeps every payment, stray or not',
  { id: 'payments-all', task: 'payments', points: 4, category: 'payments' },
  async ({ migration, db }) => {
    await migration.up()
    const members = new Set(migration.seeded.rows('members').map(({ id }) => id))
    const all = migration.seeded.rows('payments').map(({ id, member_id: member, amount, paid_on: paidOn }) => ({
      id: Number(id),
      member_id: Number(member),
      amount_cents: cents(amount!),
      paid_on: paidOn,
      stray: !members.has(member),
    }))
    const stored = await db.query<{ id: number }>(
      `SELECT id, member_id, amount_cents, paid_on::text, false AS stray FROM payments
     UNION ALL SELECT id, member_id, amount_cents, paid_on::text, true FROM stray_payments`,
    )
    expect(stored.toSorted(byId)).toEqual(all.toSorted(byId))
  },
)

test(
  'ties payments to members',
  { id: 'payments-foreign-key', task: 'payments', points: 3, category: 'foreign key' },
  async ({ migration, db }) => {
    await migration.up()
    const insert = "INSERT INTO payments (member_id, amount_cents, paid_on) VALUES ($1, 5, '2026-05-05')"
    await db.mustFail(insert, [random.integer(1000, 9000)], { code: '23503' })
    await db.mustFail('UPDATE payments SET member_id = 7 WHERE id = 1', [], { code: '23503' })
    const members = migration.seeded.rows('members').filter(({ id }) => Number(id) > 3)
    const paid = new Set(migration.seeded.rows('payments').map(payment => payment.member_id))
    const paying = random.pick(members.filter(({ id }) => paid.has(id)))
    await db.mustFail('DELETE FROM members WHERE id = $1', [paying.id], { code: ['23503', '23001'] })
    await db.mustWork(insert, [random.pick(members).id])
  },
)

test('knows an address in any case', { id: 'email-case', task: 'email', points: 3, category: 'addresses' }, async ({ migration, db }) => {
  await migration.up()
  const members = migration.seeded.rows('members').filter(({ id }) => Number(id) > 3)
  for (const { email } of random.shuffle(members).slice(0, 5)) {
    for (const twin of [email!.toLowerCase(), email!.toUpperCase()]) {
      await db.mustFail('INSERT INTO members (family_name, email) VALUES ($1, $2)', [random.word(), twin], { code: '23505' })
    }
  }
  const [one, other] = members
  await db.mustFail('UPDATE members SET email = upper($1) WHERE id = $2', [one!.email, other!.id], { code: '23505' })
  await db.mustWork('UPDATE members SET email = upper(email) WHERE id = $1', [one!.id])
})
