import picocolors from 'picocolors'
import { expect, test } from 'vitest'
import { queryCostLines } from '../../cli/render/query-costs.ts'

const style = { width: 80, colours: picocolors.createColors(false) }

test('a cost is shown with the statements that were repeated, on one line each and without terminal codes', () => {
  const repeated = [{ text: 'SELECT name\u001b[31m\n  FROM customers WHERE id = $1', calls: 40, rows: 40 }]
  expect(queryCostLines([{ statements: 42, rows: 180, repeated }], style, '  ')).toEqual([
    '  The database counted 42 statements, 180 rows; more than once:',
    '    40 × SELECT name FROM customers WHERE id = $1',
  ])
})

test('several costs are numbered, and one without a repetition is a sentence', () => {
  const cost = { statements: 1, rows: 1, repeated: [] }
  expect(queryCostLines([cost, cost], style, '')).toEqual([
    '1. The database counted 1 statement, 1 row.',
    '2. The database counted 1 statement, 1 row.',
  ])
})
