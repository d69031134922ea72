import { expect, test } from 'assay'

test(
  'reaches the new schema',
  {
    id: 'schema-equal',
    task: 'schema',
    hint: 'Each line of the difference names what is missing, what is too much, and what is otherwise.',
  },
  async ({ migration }) => {
    await migration.up()
    await migration.expectSchema()
  },
)

test(
  "splits Ada's name",
  { id: 'names-example', task: 'names', hint: 'Fill the new columns while the old one is still there.' },
  async ({ migration, db }) => {
    await migration.up()
    const names = await db.query('SELECT given_names, family_name FROM members WHERE id IN (1, 2) ORDER BY id')
    expect(names).toEqual([
      { given_names: 'Ada', family_name: 'Lovelace' },
      { given_names: 'Grace Brewster Murray', family_name: 'Hopper' },
    ])
  },
)

test(
  "turns Ada's fee into cents",
  { id: 'cents-example', task: 'cents', hint: 'Multiply before you turn the number into an integer.' },
  async ({ migration, db }) => {
    await migration.up()
    expect(await db.query('SELECT id, fee_cents FROM members WHERE id <= 3 ORDER BY id')).toEqual([
      { id: 1, fee_cents: 1250 },
      { id: 2, fee_cents: 0 },
      { id: 3, fee_cents: 7 },
    ])
  },
)

test(
  "keeps Ada's payments and sets a stray one aside",
  { id: 'payments-example', task: 'payments', hint: 'Move the payments whose member is gone before you add the foreign key.' },
  async ({ migration, db }) => {
    await migration.up()
    expect(await db.query('SELECT id, member_id, amount_cents FROM payments WHERE id <= 3 ORDER BY id')).toEqual([
      { id: 1, member_id: 1, amount_cents: 1250 },
      { id: 2, member_id: 1, amount_cents: 29 },
    ])
    expect(await db.query('SELECT id, member_id, amount_cents FROM stray_payments WHERE id <= 3')).toEqual([
      { id: 3, member_id: 7, amount_cents: 3010 },
    ])
  },
)

test(
  "refuses Ada's address for somebody else",
  { id: 'email-example', task: 'email', hint: 'An index can stand on an expression, such as lower(email).' },
  async ({ migration, db }) => {
    await migration.up()
    const insert = 'INSERT INTO members (family_name, email) VALUES ($1, $2)'
    await db.mustFail(insert, ['Byron', 'ADA@club.example'], { code: '23505' })
    await db.mustWork(insert, ['Byron', 'byron@club.example'])
  },
)

test(
  'goes back to the old schema',
  { id: 'back-example', task: 'back', hint: 'down undoes what up did, the last change first, and brings the values back too.' },
  async ({ migration, db }) => {
    await migration.up()
    // Where up did nothing, there is nothing to come back from.
    expect(await db.query('SELECT family_name, fee_cents FROM members WHERE id = 1')).toEqual([
      { family_name: 'Lovelace', fee_cents: 1250 },
    ])
    await migration.down()
    await migration.expectOldSchema()
    expect(await db.query('SELECT id, full_name, fee FROM members WHERE id <= 3 ORDER BY id')).toEqual([
      { id: 1, full_name: 'Ada Lovelace', fee: '12.50' },
      { id: 2, full_name: 'Grace Brewster Murray Hopper', fee: null },
      { id: 3, full_name: 'Plato', fee: '0.07' },
    ])
  },
)
