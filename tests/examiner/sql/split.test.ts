import { describe, expect, test } from 'vitest'
import { readQuery } from '../../../examiner/sql/query/query-text.ts'
import { readSteps } from '../../../examiner/sql/split.ts'

const D = { 'down.sql': 'SELECT 1' }

describe('the files of a migration', () => {
  test('are split by the grammar, with characters counted, not bytes', async () => {
    const up = `-- Größe\nINSERT INTO t VALUES ('a;ä'); /* ; /* x */ */\n\n  DO $x$ BEGIN NULL; END $x$;;\n-- end`
    const steps = await readSteps({ 'up.sql': up, ...D })
    if ('refused' in steps) throw new Error(steps.refused.message)
    expect(steps[0]!.up.statements.map(({ text, offset }) => [text, up.slice(offset, offset + 6)])).toEqual([
      [`INSERT INTO t VALUES ('a;ä')`, 'INSERT'],
      [`DO $x$ BEGIN NULL; END $x$`, 'DO $x$'],
    ])
  })

  test('come in the order of their numbers', async () => {
    const steps = await readSteps({
      'steps/10-c.up.sql': 'SELECT 3',
      'steps/10-c.down.sql': '',
      'steps/02-b.up.sql': 'SELECT 2',
      'steps/02-b.down.sql': '-- nothing to take back',
    })
    if ('refused' in steps) throw new Error(steps.refused.message)
    expect(steps.map(step => step.up.file)).toEqual(['steps/02-b.up.sql', 'steps/10-c.up.sql'])
  })

  test.each([
    ['ALTER TABLE t ADD c int', true],
    ['-- assay: no-transaction\nCREATE INDEX CONCURRENTLY ON t (c)', false],
    ['-- first\n-- assay: no-transaction\nSELECT 1', false],
    ['SELECT 1;\n-- assay: no-transaction', true],
    [`SELECT '\n-- assay: no-transaction\n'`, true],
    ['BEGIN; SELECT 1; COMMIT', false],
    ['SAVEPOINT a; RELEASE a', true],
  ])('%j is wrapped in a transaction: %s', async (text, wrapped) => {
    const steps = await readSteps({ 'up.sql': text, ...D })
    expect('refused' in steps ? steps : steps[0]!.up.wrapped).toBe(wrapped)
  })

  test('empty lines without end before a statement are looked through once', async () => {
    const began = performance.now()
    for (const [mark, wrapped] of [
      ['-- assay: no-transaction \r\n', false],
      ['', true],
    ] as const) {
      const steps = await readSteps({ 'up.sql': `${'\n'.repeat(90_000)}${mark}SELECT 1`, ...D })
      expect('refused' in steps ? steps.refused : steps[0]!.up.wrapped).toBe(wrapped)
    }
    expect(performance.now() - began).toBeLessThan(5_000)
  })

  test.each([
    [{ 'up.sql': 'SELECT 1' }, 'missing_file', 'down.sql is missing'],
    [D, 'missing_file', 'up.sql is missing'],
    [{ 'up.sql': '-- nothing', ...D }, 'empty', 'up.sql holds no statement'],
    [{ 'up.sql': 'SELECT 1', ...D, 'steps/1-a.up.sql': 'SELECT 1' }, 'two_forms', 'Expected either'],
    [{ 'steps/1-a.up.sql': 'SELECT 1' }, 'missing_file', 'has no .down.sql'],
    [{ 'steps/1-a.down.sql': 'SELECT 1' }, 'missing_file', 'has no .up.sql'],
    [{ 'steps/1-a.up.sql': 'SELECT 1', 'steps/01-b.up.sql': 'SELECT 1' }, 'two_steps', 'Two steps have the number 1'],
    [{ 'steps/1-a.up.sql': 'SELECT 1', 'steps/1-b.down.sql': 'SELECT 1' }, 'two_steps', 'Two steps'],
    [{ 'steps/a.sql': 'SELECT 1' }, 'unknown_file', 'none of'],
    [{ 'up.sql': 'SELECT\n  1 FRM x y', ...D }, 'syntax_error', '(up.sql, line 2)'],
    [{ 'up.sql': '\\d people', ...D }, 'psql_command', 'Backslash commands'],
    [{ 'up.sql': 'COPY t FROM STDIN', ...D }, 'copy_from_stdin', 'Use INSERT'],
    [{ 'up.sql': 'SELECT 1\0; DROP TABLE t', ...D }, 'not_text', 'NUL'],
    [{ 'up.sql': '\uD800', ...D }, 'not_text', 'Unicode'],
  ])('%j are refused: %s', async (files, code, words) => {
    const steps = await readSteps(files)
    expect(steps).toMatchObject({ refused: { code, message: expect.stringContaining(words) } })
  })
})

describe('the file of a query', () => {
  test.each([
    ['select', 'SELECT 1', undefined],
    ['select', '\uFEFF-- hello\nSELECT 1;', undefined],
    ['select', 'WITH a AS (SELECT 1) TABLE a', undefined],
    ['select', 'VALUES (1)', undefined],
    ['select', '', 'query.sql holds no statement.'],
    ['select', '-- later', 'query.sql holds no statement.'],
    ['select', 'SELECT 1; DROP TABLE t', 'Expected one statement, got 2; the second begins here. (query.sql, line 1)'],
    ['select', 'UPDATE t SET a = 1', 'This exercise asks for a SELECT, got UPDATE. (query.sql, line 1)'],
    ['select', 'COMMIT', 'This exercise asks for a SELECT, got TRANSACTION. (query.sql, line 1)'],
    [
      'select',
      'SELECT 1 INTO t',
      "This exercise asks for a SELECT that returns rows; SELECT … INTO makes a table, which isn't asked for. (query.sql, line 1)",
    ],
    ['select', '('.repeat(50_000), 'The SQL is nested too deeply to be read.'],
    ['select', `SELECT ${'1+'.repeat(45_000)}1`, 'The SQL is nested too deeply to be read.'],
    ['change', 'DELETE FROM t', undefined],
    ['change', 'WITH a AS (DELETE FROM t RETURNING *) SELECT * FROM a', undefined],
    [
      'change',
      'SELECT 1',
      'This exercise asks for a statement that changes rows: INSERT, UPDATE, DELETE or MERGE, got SELECT. (query.sql, line 1)',
    ],
    ['change', 'TRUNCATE t', 'This exercise asks for one INSERT, UPDATE, DELETE or MERGE, got TRUNCATE. (query.sql, line 1)'],
  ] as const)('for a %s: %j', async (statement, text, message) => {
    const read = await readQuery({ 'query.sql': text }, statement)
    expect('refused' in read ? read.refused.message : undefined).toBe(message)
  })

  test('is refused with a caret where it goes wrong', async () => {
    const read = await readQuery({ 'query.sql': `SELECT 'ä😀' FRM t x` }, 'select')
    expect(read).toMatchObject({ sqlError: { code: '42601', statement: `SELECT 'ä😀' FRM t x`, position: 17 } })
  })

  test('keeps the caret in an excerpt of a long text', async () => {
    const text = `${'-- 😀 long\n'.repeat(2000)}SELECT FROM WHERE`
    const read = await readQuery({ 'query.sql': text }, 'select')
    if (!('refused' in read) || !read.sqlError) throw new Error('expected a refusal')
    const { statement, position } = read.sqlError
    expect(
      Array.from(statement)
        .slice(position! - 1)
        .join(''),
    ).toBe('WHERE')
  })
})
