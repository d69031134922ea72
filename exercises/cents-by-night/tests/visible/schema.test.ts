import { test } from 'assay'

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
  'lets the old version work until the last step',
  { id: 'open-example', task: 'open', hint: 'What the old version needs may go in the step contract, not before.' },
  async ({ migration }) => {
    await migration.upUnderTraffic({
      old: [
        "INSERT INTO payments (member_id, euros, paid_on) VALUES (7, 12.50, '2026-05-05')",
        'SELECT euros FROM payments WHERE id = 1',
        'UPDATE payments SET euros = 12.75 WHERE id = 1',
      ],
      oldUntil: 'contract',
      maxWaitMs: 300,
    })
    await migration.expectSchema()
  },
)
