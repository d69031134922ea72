import type { Control, Edit, Evidence } from '../control.ts'

function control(group: string, name: string, file: string, from: string, to: string, ...shownBy: Evidence[]): Control {
  const takeAway: Edit[] = [{ file, from, to }]
  return { name, group, takeAway, shownBy }
}

const CONDUCT = 'worker/grading/conduct.ts'
const GRADE = 'worker/grading/grade-submission.ts'
const OUTPUT = 'worker/pod/output-capture.ts'
const VIEW = 'core/report-view.ts'
const MUX = 'core/mux.ts'
const conducted = (named: string): Evidence => ({ test: 'tests/worker/conduct.test.ts', named })
const outcome = (named: string): Evidence => ({ test: 'tests/worker/outcomes.test.ts', named })
const captured: Evidence = { test: 'tests/worker/output-capture.test.ts' }
const viewed: Evidence = { test: 'tests/core/report-view' }
const muxed: Evidence = { test: 'tests/core/mux.test.ts' }
const lines: Evidence = { test: 'tests/core/lines.test.ts' }

const verdict = (name: string, from: string, to: string, ...shownBy: Evidence[]) =>
  control('The verdict', name, CONDUCT, from, to, ...shownBy)
const limit = (name: string, file: string, from: string, to: string, ...shownBy: Evidence[]) =>
  control('Limits', name, file, from, to, ...shownBy)
const shown = (name: string, from: string, to: string) => control('What a learner sees', name, VIEW, from, to, viewed)
const line = (name: string, file: string, from: string, to: string, ...shownBy: Evidence[]) =>
  control('Lines to the boxes', name, file, from, to, ...shownBy)

/** What the worker holds a grading to, and what of it a learner is told. */
export const GRADING_CONTROLS: readonly Control[] = [
  verdict('the nonce of the last word', 'if (end.nonce !== prepared.nonce)', 'if (false)', conducted('under another nonce')),
  verdict(
    'every test of the list',
    'if (missing.length > 0 || ids.size !== planned.length)',
    'if (ids.size > 99)',
    conducted('without a test'),
  ),
  verdict('no test but those of the list', 'if (!test) throw', 'if (!test && id === "") throw', conducted('nobody knows')),

  limit('all tests together', CONDUCT, "deadlines.set('total', total,", "deadlines.set('total', 1e8,", outcome('all tests together')),
  limit(
    "a test that holds up the examiner's process",
    CONDUCT,
    'test.timeLimitMs + TEST_GRACE_MS',
    '1e8',
    outcome('holds up the examiner'),
  ),
  limit(
    'the start of the program',
    'worker/grading/subject.ts',
    "deadlines.set('start', start,",
    "deadlines.set('start', 1e8,",
    outcome('never listening'),
  ),
  limit('what a program prints', GRADE, 'if (evidence.outputBytes <= FIXED.outputKilledBytes)', 'if (evidence.outputBytes >= 0)', {
    attacks: [50],
  }),
  limit(
    'what is kept of it',
    OUTPUT,
    'readonly all = new HeadAndTail(FIXED.outputKeptBytes)',
    'readonly all = new HeadAndTail(2 ** 40)',
    captured,
  ),
  {
    name: "a statement's own deadline",
    group: 'Limits',
    together: 'statement_timeout',
    takeAway: [
      { file: 'examiner/sql/run-statement.ts', from: '}, limits.timeMs + GRACE_MS)', to: '}, 1e8)' },
      { file: 'examiner/sql/roles.ts', from: 'statement_timeout: `${statementMs}ms`,', to: '' },
    ],
    shownBy: [{ test: 'tests/examiner/sql/query.test.ts' }],
  },
  limit(
    'rows of a result',
    'examiner/sql/run-statement.ts',
    'rows: FIXED.resultRows, bytes',
    'rows: Infinity, bytes',
    { attacks: [117] },
    { test: 'tests/examiner/sql/query.test.ts' },
  ),
  limit(
    'bytes of a result',
    'examiner/sql/run-statement.ts',
    'bytes: FIXED.resultBytes }',
    'bytes: Infinity }',
    { attacks: [117] },
    { test: 'tests/examiner/sql/query.test.ts' },
  ),
  limit('SQL that is read', 'examiner/sql/parse.ts', 'MAX_SQL_BYTES = 96 * 1024', 'MAX_SQL_BYTES = 1024 ** 3', {
    test: 'tests/examiner/sql/parse.test.ts',
  }),
  limit('statements of a file', 'examiner/sql/parse.ts', 'MAX_STATEMENTS = 1000', 'MAX_STATEMENTS = 1e9', {
    test: 'tests/examiner/sql/parse.test.ts',
  }),

  control('What a learner sees', 'output from the first hidden test on', OUTPUT, 'if (hidden) this.#closed = true', '', captured),
  shown('the words of a fault of ours', 'message: OUR_FAULT }', 'message: reason.message }'),
  shown('how a program ended in the hidden part', 'return hiddenBegan && ENDS.has(reason.code) ?', 'return reason.code === "" ?'),
  shown('logs of tests that share a file with hidden ones', 'hiddenFiles.has(test.file)', 'false'),
  shown('what hidden tests may say', "  log: 'never',", "  log: 'none',"),
  shown('feedback as its author wants it', 'return FEEDBACK_ORDER[test.feedback] >= FEEDBACK_ORDER[least]', 'return true'),
  shown('coarse times of statements', 'tests.some(isHidden) ? coarseMs(run.durationMs) : run.durationMs', 'run.durationMs'),
  shown('coarse times of phases', '(tests.some(isHidden) ? total(timings) : timings)', 'timings'),
  shown('the memory of the examiner', 'examinerPeakBytes: () => undefined,', "examinerPeakBytes: 'whole',"),

  line('size of a frame', MUX, 'if (length > MAX_PAYLOAD)', 'if (length > 2 ** 31)', muxed),
  line('bytes on the way', MUX, 'if (this.#received > WINDOW)', 'if (this.#received > 2 ** 40)', muxed),
  line('grants within the window', MUX, 'if (this.#credit > WINDOW)', 'if (this.#credit > 2 ** 40)', muxed),
  line('streams at a time', MUX, 'if (this.#streams.size > MAX_STREAMS)', 'if (this.#streams.size > 2 ** 31)', muxed),
  line('length of a name', MUX, 'payload.length > MAX_NAME', 'payload.length > 2 ** 31', muxed),
  line('whose streams are whose', MUX, 'if (id % 2 !== theirs || id === 0 || this.#streams.has(id))', 'if (id < 0)', muxed),
  line('frames that nobody takes', MUX, 'if (this.#unsent > MAX_UNSENT)', 'if (this.#unsent > 2 ** 31)', muxed),
  line('length of a message', 'core/lines.ts', 'if (length > maxLine)', 'if (length > 2 ** 40)', lines),
  line('length of a message that came whole', 'core/lines.ts', 'if (line.length > maxLine)', 'if (line.length > 2 ** 40)', lines),
  line('messages in all', 'core/lines.ts', 'if (total > maxTotal)', 'if (total > 2 ** 40)', lines),
]
