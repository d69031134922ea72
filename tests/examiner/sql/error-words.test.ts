import { DatabaseError } from 'pg'
import { describe, expect, test } from 'vitest'
import { sqlErrorSchema } from '../../../core/report.ts'
import { closedSqlError, openSqlError } from '../../../examiner/sql/words/error-words.ts'
import { findingOf } from '../../../examiner/sql/words/finding.ts'
import { knownWords } from '../../../examiner/sql/words/known-words.ts'

const PLACE = { statement: 'SELECT nam FROM people', file: 'up.sql', statementNumber: 2 }

const UNTOLD = expect.stringContaining('words are not shown')

function databaseError(fields: Partial<DatabaseError>): DatabaseError {
  return Object.assign(new DatabaseError(fields.message ?? '', 0, 'error'), fields)
}

test('a code that the learner raised could spell a row: it is told as what RAISE gives without one', () => {
  const raised = databaseError({ code: 'CANAR', message: 'secret', where: 'PL/pgSQL function', routine: 'exec_stmt_raise' })
  expect(closedSqlError(raised, PLACE, new Set()).code).toBe('P0001')
  expect(openSqlError(raised, PLACE).code).toBe('CANAR')
  const shown = closedSqlError(raised, PLACE, new Set())
  expect(JSON.stringify(findingOf({ type: 'error', error: raised }, 1000, shown))).not.toContain('CANAR')
  const noRoom = databaseError({ code: '53200', message: 'secret', routine: 'exec_stmt_raise' })
  expect(findingOf({ type: 'error', error: noRoom }, 1000, closedSqlError(noRoom, PLACE, new Set())).outcome).toBe('runtime_error')
})

describe('on data that a learner may not see', () => {
  const known = knownWords(PLACE.statement, 'CREATE TABLE users (id int, email varchar(50))')
  test.each([
    ['division by zero', 'division by zero'],
    ['column "nam" does not exist', 'column "nam" does not exist'],
    [
      'duplicate key value violates unique constraint "users_email_key"',
      'duplicate key value violates unique constraint "users_email_key"',
    ],
    ['violates check constraint "users_check1"', 'violates check constraint "users_check1"'],
    ['invalid input syntax for type integer: "secret"', 'invalid input syntax for type integer: "…"'],
    ['invalid input syntax for type integer: ""bcd efg""', 'invalid input syntax for type integer: "…"'],
    ['invalid input syntax for type integer: "users id email"', 'invalid input syntax for type integer: "…"'],
    ['value "99 50" is out of range for type integer', 'value "…" is out of range for type integer'],
    ['relation "secret" does not exist', 'relation "…" does not exist'],
    ['relation "users email id users" does not exist', 'relation "…" does not exist'],
    ['relation "a" of table of table "b" does not exist', UNTOLD],
    ['Key (email)=(secret) already exists.', UNTOLD],
    ['column "users" of relation "secret" contains null values', 'column "users" of relation "…" contains null values'],
    ['value too long for type character varying(50)', 'value too long for type character varying(50)'],
    ['large object 90210 does not exist', UNTOLD],
    ['date/time field value out of range: "1999-12-31"', 'date/time field value out of range: "…"'],
    ['unterminated "secret', UNTOLD],
  ])('%s', (message, shown) => {
    expect(closedSqlError(databaseError({ code: '22P02', message, detail: 'secret', hint: 'secret' }), PLACE, known)).toEqual({
      code: '22P02',
      message: shown,
      // By its code alone, whatever the message says.
      plain: 'A text was to be read as a value of another type, and is none.',
      ...PLACE,
    })
  })

  test.each([
    ['operator does not exist: integer = character varying', true],
    ['column "users.id" must appear in the GROUP BY clause or be used in an aggregate function', true],
    ['syntax error at or near ")"', true],
    ['column "users.secret" must appear in the GROUP BY clause or be used in an aggregate function', false],
    ['operator does not exist: secret = integer', false],
  ])('of the parser: %s', (message, told) => {
    const shown = closedSqlError(databaseError({ code: '42883', message, position: '8' }), PLACE, known)
    expect(shown.message).toEqual(told ? message : UNTOLD)
  })

  test('a text made while running is not told', () => {
    const error = databaseError({ code: '42703', message: 'column "nam" does not exist', internalQuery: 'SELECT nam' })
    expect(closedSqlError(error, PLACE, known).message).toMatch(/^An error inside/)
  })

  test('nothing of what their own code raised is told but its kind', () => {
    const error = databaseError({ code: '42P01', message: 'secret', where: 'PL/pgSQL function inline_code_block line 1 at RAISE' })
    expect(closedSqlError(error, PLACE, knownWords('secret')).message).toMatch(/^An error inside a function or a DO block/)
  })
})

test('on data that they may see all is told, as much as a report holds', () => {
  const error = databaseError({ code: '42703', message: 'm'.repeat(9000), detail: 'd'.repeat(9000), hint: 'h', position: '8' })
  const shown = sqlErrorSchema.parse(openSqlError(error, { statement: 'x'.repeat(50_000) }))
  expect(shown).toMatchObject({ code: '42703', hint: 'h', position: 8 })
})
