import { expect, test } from 'vitest'
import { assay } from './run-assay.ts'

const TEMPLATE = 'cli/new/templates/query'

test('preview shows statement and report as a learner sees them, and nothing of what is hidden', async () => {
  const { code, out } = await assay(['preview', TEMPLATE, '--sample', 'names-in-one'])
  expect(code).toBe(0)
  expect(out).toContain('One row for each member who has a late loan, with the columns')
  expect(out).toContain('sql: query.sql')
  expect(out).toContain('hands in wrong_answer/names-in-one')
  expect(out).toContain('Wrong answer')
  // The visible data set is shown whole, of a hidden one its category alone.
  expect(out).toContain('Three members and five loans')
  expect(out).toContain('ties')
  expect(out).not.toContain('Members with as many late books')
})

test('preview names the samples when there is none of that name', async () => {
  const run = await assay(['preview', TEMPLATE, '--sample', 'nobody'])
  expect(run).toMatchObject({ code: 4, err: expect.stringContaining('wrong_answer/in-any-order') })
})
