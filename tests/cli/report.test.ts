import picocolors from 'picocolors'
import { describe, expect, test } from 'vitest'
import { cleanJson, cleanLine, cleanText } from '../../cli/render/clean.ts'
import { visibleWidth } from '../../cli/render/layout.ts'
import { reportLines } from '../../cli/render/report.ts'
import { OUTCOMES } from '../../core/outcome.ts'
import type { Report } from '../../core/report.ts'
import { sampleReport, sampleTest } from './sample-reports.ts'

const plain = { width: 80, colours: picocolors.createColors(false) }
const render = (report: Report, width = 80) => reportLines(report, { ...plain, width }).join('\n')

test('what a test that passed could not look at stands below it', () => {
  const report = sampleReport('accepted')
  const noted = { ...report, tests: report.tests.map(test => ({ ...test, note: 'Nothing is known of the others.' })) }
  expect(render(noted).split('Nothing is known of the others.')).toHaveLength(report.tests.length + 1)
})

const HOSTILE = '\u001b]52;c;ZXZpbA==\u0007\u001b[2J\u001b[31mred\u001b[0m\rover\u202egnp.exe\u009b1Athe\u2066 end\u0000\u{e0041}'

const sqlError: Report['sqlError'] = {
  code: '42703',
  message: 'column "nme" does not exist',
  hint: 'Perhaps you meant "name".',
  file: 'up.sql',
  statementNumber: 2,
  statement: "ALTER TABLE users\n  ADD CHECK (nme <> ''),\n  ADD COLUMN age int",
  position: 32,
}

const rows: NonNullable<Report['tests'][number]['rows']> = {
  expectedRows: 3,
  actualRows: 2,
  columns: { expected: ['id', 'name'], actual: ['id', 'title'] },
  missing: {
    count: 2,
    first: [
      ['1', null],
      ['2', ''],
    ],
  },
  extra: { count: 1, first: [['9', 'Nine']] },
  wrongOrder: false,
  firstCell: { row: 1, column: 'name', expected: null, actual: 'Nine' },
}

/** Each outcome with what is particular to it, and the words that must be read. */
const CASES: Record<string, { report: Report; words: string[] }> = {
  accepted: {
    report: sampleReport('accepted'),
    words: ['✓ Accepted', '4 of 4 points (100 %)', '2 of 2 tests passed', 'Node 24', 'Seed     7'],
  },
  wrong_answer: {
    report: sampleReport('wrong_answer', {
      tests: [
        sampleTest({}),
        sampleTest({
          id: 'b',
          name: 'b',
          status: 'failed',
          earned: 0,
          message: 'expected 422, got 201',
          hint: 'Look at 422.',
          log: 'POST /tasks\n',
        }),
      ],
    }),
    words: [
      '✗ Wrong answer',
      '✓ creates a task [creates]',
      '✗ b [b]',
      'expected 422, got 201',
      'Hint: Look at 422.',
      '│ POST /tasks',
      '0/1',
    ],
  },
  'a wrong answer with all points': {
    report: sampleReport('wrong_answer', {
      score: { earned: 4, possible: 4 },
      tests: [
        sampleTest({ points: 4, earned: 4 }),
        sampleTest({ id: 'generated-1', visibility: 'hidden', points: 0, earned: 0, status: 'failed' }),
        sampleTest({ id: 'generated-2', visibility: 'hidden', points: 0, earned: 0 }),
      ],
    }),
    words: [
      '4 of 4 points (100 %)',
      'Not accepted in spite of all points: every test must pass for that, and 1 test',
      'without points failed.',
    ],
  },
  'a query with wrong rows': {
    report: sampleReport('wrong_answer', { kind: 'query', runtime: 'sql', tests: [sampleTest({ status: 'failed', rows })] }),
    words: [
      'Wanted 3 rows, got 2 rows.',
      'Columns wanted: id, name',
      'Missing: 2 rows',
      '1   NULL',
      "2   ''",
      'Extra: 1 row',
      '9   Nine',
      'First difference: row 1, column name: wanted NULL, got Nine.',
    ],
  },
  'a query in the wrong order': {
    report: sampleReport('wrong_answer', {
      kind: 'query',
      tests: [
        sampleTest({
          status: 'failed',
          rows: {
            ...rows,
            actualRows: 3,
            columns: { expected: ['id'], actual: ['id'] },
            missing: { count: 0, first: [] },
            extra: { count: 0, first: [] },
            wrongOrder: true,
          },
        }),
      ],
    }),
    words: ['3 rows, as many as wanted.', 'The right rows, in the wrong order.'],
  },
  'a migration with another schema': {
    report: sampleReport('wrong_answer', {
      kind: 'migration',
      tests: [
        sampleTest({
          status: 'failed',
          schema: [
            { change: 'different', object: 'column users.age', expected: 'bigint not null', actual: 'integer' },
            { change: 'missing', object: 'index users_email_key', expected: 'unique (email)' },
            { change: 'extra', object: 'table junk' },
          ],
        }),
      ],
      statements: [{ file: 'up.sql', number: 1, text: 'ALTER TABLE users ADD age int', durationMs: 3, inTransaction: true }],
      locks: [
        {
          file: 'up.sql',
          statement: 1,
          lastStatement: 3,
          object: 'users',
          mode: 'AccessExclusiveLock',
          heldMs: 1200,
          waitedMs: 0,
          sampled: false,
        },
        { file: 'up.sql', statement: 2, lastStatement: 2, object: 'orders', mode: 'ShareLock', heldMs: 12, waitedMs: 40, sampled: true },
      ],
      hints: [{ rule: 'ban-drop-column', file: 'up.sql', line: 7, message: 'Who still reads this column fails.' }],
    }),
    words: [
      'Locks of up.sql',
      '123  Keeps waiting',
      'users            AccessExclusive  ███  readers, writers  1.2 s',
      'orders           Share            ·█·  writers           ≥ 12 ms (40 ms)',
      '(no part of the result)',
      'up.sql:7 ban-drop-column',
      'Who still reads this column fails.',
      '≠  column users.age',
      'bigint not null',
      'integer',
      '–  index users_email_key',
      '+  table junk',
      'up.sql  1',
    ],
  },
  runtime_error: {
    report: sampleReport('runtime_error', {
      kind: 'migration',
      sqlError,
      reason: { code: 'sql_error', message: 'A statement of up.sql failed.' },
    }),
    words: [
      'SQL error 42703 in up.sql, statement 2',
      'Hint: Perhaps you meant "name".',
      '2 │   ADD CHECK (nme <>',
      `    │ ${' '.repeat(13)}^`,
    ],
  },
  start_error: {
    report: sampleReport('start_error', {
      lastWords: { open: 'secret-free', all: 'SyntaxError: Unexpected token\n  at main.js:3' },
      tests: [sampleTest({ status: 'not_run', earned: 0 })],
    }),
    words: ['✗ Start error', 'Last words of the program:', '│ SyntaxError: Unexpected token', '– creates a task', 'not run'],
  },
  time_limit: {
    report: sampleReport('time_limit', { tests: [sampleTest({ status: 'timed_out', earned: 0, durationMs: 5000 })] }),
    words: ['✗ Time limit', 'time limit · 0/1 · 5.0 s'],
  },
  memory_limit: { report: sampleReport('memory_limit'), words: ['Memory limit'] },
  output_limit: { report: sampleReport('output_limit'), words: ['Output limit'] },
  invalid_submission: {
    report: sampleReport('invalid_submission', { tests: [], tasks: [] }),
    words: ['Invalid submission', 'refused before it ran', '0 of 0 tests'],
  },
  grader_error: { report: sampleReport('grader_error'), words: ['! Grader error', 'costs no attempt'] },
  cancelled: { report: sampleReport('cancelled'), words: ['– Cancelled'] },
}

describe('a report in the terminal', () => {
  test('has a case for every outcome', () => {
    expect(new Set(Object.values(CASES).map(({ report }) => report.outcome))).toEqual(new Set(OUTCOMES))
  })

  test.each(Object.entries(CASES))('%s says what a person needs', (_, { report, words }) => {
    const text = render(report)
    for (const word of words) expect(text).toContain(word)
  })

  test.each([30, 44, 80, 200])('keeps within %i columns', width => {
    for (const { report } of Object.values(CASES)) {
      for (const line of reportLines(report, { ...plain, width })) expect.soft(visibleWidth(line), line).toBeLessThanOrEqual(width)
    }
  })

  test('uses colours only when asked to', () => {
    expect(render(sampleReport('accepted'))).not.toContain('\u001b')
    expect(reportLines(sampleReport('accepted'), { width: 80, colours: picocolors.createColors(true) }).join('\n')).toContain('\u001b[32m')
  })

  test("prints no control character of a learner's program, wherever it stands", () => {
    const text = render(
      sampleReport('runtime_error', {
        reason: { code: 'x', message: HOSTILE },
        lastWords: { open: HOSTILE, all: HOSTILE },
        sqlError: {
          code: HOSTILE,
          message: HOSTILE,
          detail: HOSTILE,
          hint: HOSTILE,
          file: HOSTILE,
          statement: `${HOSTILE}\n${HOSTILE}`,
          position: 5,
        },
        statements: [{ file: HOSTILE, number: 1, text: HOSTILE, durationMs: 1, inTransaction: true }],
        locks: [
          { file: HOSTILE, statement: 1, lastStatement: 1, object: HOSTILE, mode: 'ShareLock', heldMs: 1, waitedMs: 1, sampled: true },
        ],
        hints: [{ rule: HOSTILE, file: HOSTILE, line: 1, message: HOSTILE }],
        tests: [
          sampleTest({ status: 'failed', message: HOSTILE, log: HOSTILE, schema: [{ change: 'extra', object: HOSTILE, actual: HOSTILE }] }),
          sampleTest({
            status: 'failed',
            rows: { ...rows, columns: { expected: [HOSTILE], actual: [HOSTILE] }, extra: { count: 1, first: [[HOSTILE]] }, table: HOSTILE },
          }),
        ],
      }),
    )
    expect(text).not.toMatch(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u)
    expect(text).toContain('the end')
  })

  test('of a hidden test that its reader may not see prints no name', () => {
    const text = reportLines(
      {
        ...sampleReport('wrong_answer'),
        tests: [{ status: 'failed', visibility: 'hidden', category: 'validation', task: 'create', points: 2, earned: 0 }],
      },
      plain,
    ).join('\n')
    expect(text).toContain('✗ validation (hidden test)')
  })
})

test.each([
  [HOSTILE, 'red\novergnp.exethe end'],
  ['a\tb\r\nc', 'a  b\nc'],
  ['\u001b]0;title without an end\nnext', '\nnext'],
  ['\u001bPdevice\u001b\\x\u001b(By\u001b', 'xy'],
  ['zażółć 日本 👩‍💻', 'zażółć 日本 👩‍💻'],
])('cleaning %j leaves %j', (text, left) => {
  expect(cleanText(text)).toBe(left)
  expect(cleanLine(text)).toBe(left.replaceAll('\n', '⏎'))
})

test.each([
  ['runc', undefined, 'runc'],
  ['runsc', { subject: 'runsc' }, 'runsc'],
  ['runsc', { examiner: 'runc', subject: 'runsc', database: 'runc' }, 'examiner runc · subject runsc · database runc'],
] as const)('what each box ran in: %s %o', (sandboxRuntime, boxRuntimes, shown) => {
  const text = render({ ...sampleReport('accepted'), sandboxRuntime, ...(boxRuntimes && { boxRuntimes }) })
  expect(text).toContain(`  Sandbox  ${shown}\n`)
})

test('JSON is the same document, with nothing in it that a terminal acts on', () => {
  const document = { [HOSTILE]: [`${HOSTILE}\n\u009b2J\u200b\u2028\ufeff\u{e0041}`, 'zażółć 日本 👩‍💻\ud800', 1] }
  const text = cleanJson(document)
  expect(JSON.parse(text)).toEqual(document)
  expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cf}|[\u2028\u2029]/u)
  expect(cleanJson({ a: ['zażółć'] })).toBe('{\n  "a": [\n    "zażółć"\n  ]\n}')
})
