import { describe, expect, test } from 'vitest'
import { reportViewSchema, viewEvent, viewReport } from '../../core/report-view.ts'
import type { Report, ReportTest } from '../../core/report.ts'
import { OUTCOMES } from '../../core/outcome.ts'
import { ROLES } from '../../core/submission.ts'
import { FEEDBACK, VISIBILITIES } from '../../core/tests-list.ts'

const CANARY = 'CANARY'

/** A test whose every word is a canary but its task. */
function canaryTest(facts: Partial<ReportTest>): ReportTest {
  return {
    id: 'canary-id',
    name: `${CANARY} name`,
    task: 'create',
    points: 2,
    visibility: 'hidden',
    feedback: 'category',
    category: `${CANARY} category`,
    hint: `${CANARY} hint`,
    timeLimitMs: 4321,
    file: `tests/hidden/${CANARY}.test.ts`,
    status: 'failed',
    durationMs: 1234.5,
    message: `${CANARY} message`,
    rows: {
      expectedRows: 1,
      actualRows: 2,
      columns: { expected: [`${CANARY} column`], actual: [] },
      missing: { count: 0, first: [] },
      extra: { count: 0, first: [] },
      wrongOrder: false,
    },
    schema: [{ change: 'missing', object: `${CANARY} table` }],
    plan: {
      nodes: [{ depth: 0, node: `${CANARY} node`, rowsEstimated: 1, rowsActual: 1, loops: 1, buffers: 1 }],
      left: 0,
      buffers: 1,
      rows: 1,
      demands: [{ demand: 'noSeqScan', verdict: 'broken', of: `${CANARY} table` }],
    },
    mistake: { kind: 'off-by-one', words: `${CANARY} words` },
    earned: 0,
    log: `${CANARY} log`,
    ...facts,
  }
}

function reportOf(tests: ReportTest[], facts: Partial<Report> = {}): Report {
  return {
    reportVersion: 1,
    exercise: { slug: 'hello', version: 'a'.repeat(64), title: 'Hello' },
    kind: 'endpoint',
    runtime: 'node',
    sandboxRuntime: 'runc',
    mode: 'submit',
    seed: 7,
    outcome: 'wrong_answer',
    fault: 'learner',
    score: { earned: 0, possible: 2 },
    tasks: [{ task: 'create', title: 'Create', corePassed: false, earned: 0, possible: 2 }],
    tests,
    output: { open: 'hello', all: `hello ${CANARY}`, bytes: 999, truncated: true },
    lastWords: { open: 'hello', all: `hello ${CANARY}` },
    timings: { start: 12.3, tests: 456.7 },
    images: { node: 'sha256:1' },
    ...facts,
  }
}

const SHOWN = {
  none: [],
  category: ['category'],
  message: ['category', 'hint', 'message', 'mistake'],
  full: ['category', 'hint', 'id', 'message', 'mistake', 'name', 'plan', 'rows', 'schema'],
}
const ALWAYS = ['earned', 'points', 'status', 'task', 'visibility']

describe('a learner', () => {
  const learner = { role: 'learner' } as const

  for (const visibility of VISIBILITIES.filter(each => each !== 'visible')) {
    test.each(FEEDBACK)(`sees of a failed ${visibility} test with feedback %s only what that allows`, feedback => {
      const view = viewReport(reportOf([canaryTest({ visibility, feedback })]), learner)
      expect(Object.keys(view.tests[0]!).sort()).toEqual([...ALWAYS, ...SHOWN[feedback]].sort())
    })

    test.each(FEEDBACK)(`sees neither message nor hint of a passed ${visibility} test with feedback %s`, feedback => {
      const [shown] = viewReport(reportOf([canaryTest({ visibility, feedback, status: 'passed' })]), learner).tests
      expect(shown).not.toHaveProperty('hint')
      expect(shown).not.toHaveProperty('message')
    })
  }

  test.each(OUTCOMES)('finds no canary in a report that ended as %s', outcome => {
    const report = reportOf([canaryTest({ feedback: 'none' }), canaryTest({ status: 'not_run', feedback: 'none' })], {
      outcome,
      ...(outcome === 'grader_error' && { reason: { code: 'EXERCISE_BROKEN', message: `${CANARY} in tests/hidden` } }),
    })
    expect(JSON.stringify(viewReport(report, learner))).not.toContain(CANARY)
  })

  test('sees a visible test whole, its hint only once it failed', () => {
    const visible = canaryTest({ visibility: 'visible', file: 'tests/visible/a.test.ts' })
    const [failed, passed] = viewReport(reportOf([visible, { ...visible, status: 'passed' }]), learner).tests
    expect(failed).toEqual(visible)
    expect(passed).not.toHaveProperty('hint')
  })

  test('sees no log where hidden tests stand in the same file', () => {
    const visible = canaryTest({ visibility: 'visible' })
    const elsewhere = canaryTest({ visibility: 'visible', file: 'tests/visible/b.test.ts' })
    const logs = viewReport(reportOf([visible, canaryTest({}), elsewhere]), learner).tests.map(shown => shown.log)
    expect(logs).toEqual([undefined, undefined, undefined])
  })

  test('sees output up to the first hidden request only, and not how much came after', () => {
    const { output, lastWords } = viewReport(reportOf([]), learner)
    expect(output).toEqual({ open: 'hello', all: 'hello', bytes: 5, truncated: false })
    expect(lastWords).toEqual({ open: 'hello', all: 'hello' })
  })

  test.each(['EXITED', 'EXITED_AT_START'])('sees how a program ended (%s) only where that was before the first hidden test', code => {
    const visible = canaryTest({ visibility: 'visible', status: 'passed', file: 'tests/visible/a.test.ts' })
    const reason = { code, message: 'The program ended with exit code 67 while it was tested.' }
    const seen = (tests: ReportTest[]) => viewReport(reportOf(tests, { outcome: 'runtime_error', reason }), learner).reason
    expect(seen([visible, canaryTest({ status: 'not_run' })])!.code).toBe(code)
    expect(seen([visible, canaryTest({ status: 'not_run' })])!.message).not.toContain('67')
    expect(seen([{ ...visible, status: 'not_run' }, canaryTest({ status: 'not_run' })])).toEqual(reason)
    expect(seen([{ ...visible, status: 'not_run' }])).toEqual(reason)
    expect(seen([visible])).toEqual(reason)
  })

  test('sees that nothing was printed where all of it came with hidden tests', () => {
    const report = reportOf([], { output: { open: '', all: CANARY, bytes: 6, truncated: false }, lastWords: { open: '', all: CANARY } })
    expect(viewReport(report, learner)).not.toHaveProperty('output')
    expect(viewReport(report, learner)).not.toHaveProperty('lastWords')
  })

  test.each([
    [3, 1000],
    [1000, 1000],
    [1001, 2000],
    [8765.4, 10_000],
    [61_000, 120_000],
    [9_999_999, 600_000],
  ])('sees %d ms of hidden tests as %d', (ms, seen) => {
    const statement = { file: 'up.sql', number: 1, text: 'SELECT 1', durationMs: ms, inTransaction: true }
    const timings = { start: 5, tests: ms, total: ms }
    const lock = {
      file: 'up.sql',
      statement: 1,
      lastStatement: 1,
      object: 'a',
      mode: 'ShareLock',
      heldMs: ms,
      waitedMs: 0,
      sampled: false,
    } as const
    const view = viewReport(reportOf([canaryTest({})], { timings, statements: [statement], locks: [lock] }), learner)
    expect(view.timings).toEqual({ total: seen })
    expect(view.statements![0]!.durationMs).toBe(seen)
    expect(view.locks).toEqual([{ ...lock, heldMs: seen, waitedMs: 0 }])
  })

  test('sees exact times where only visible tests ran', () => {
    const visible = canaryTest({ visibility: 'visible', file: 'tests/visible/a.test.ts' })
    expect(viewReport(reportOf([visible]), learner).timings).toEqual({ start: 12.3, tests: 456.7 })
  })

  test('sees how many hidden tests there are and how many passed', () => {
    const tests = [canaryTest({ visibility: 'visible', status: 'passed' }), canaryTest({ status: 'passed' }), canaryTest({})]
    expect(viewReport(reportOf(tests), learner).counts).toEqual({ tests: 3, passed: 2, hidden: 2, hiddenPassed: 1 })
  })
})

test.each(ROLES.filter(role => role !== 'learner'))('%s sees all', role => {
  const report = reportOf([canaryTest({ feedback: 'none' })], { outcome: 'grader_error', reason: { code: 'X', message: CANARY } })
  const { counts: _, ...rest } = viewReport(report, { role })
  expect(rest).toEqual(report)
})

test.each(ROLES)('what %s sees keeps to its schema', role => {
  const report = reportOf(FEEDBACK.map(feedback => canaryTest({ feedback })))
  expect(() => reportViewSchema.parse(viewReport(report, { role }))).not.toThrow()
})

describe('a live event', () => {
  const fact = canaryTest({})
  const event = { type: 'test', done: 1, total: 3, id: fact.id, passed: true } as const

  test.each([
    ['a hidden test', [fact], { type: 'test', done: 1, total: 3 }],
    ['a test that is not known', undefined, { type: 'test', done: 1, total: 3 }],
    ['a visible test', [{ ...fact, visibility: 'visible' as const }], event],
  ])('of %s', (_what, facts, seen) => {
    expect(viewEvent(event, { role: 'learner' }, facts)).toEqual(seen)
    expect(viewEvent(event, { role: 'staff' }, facts)).toEqual(event)
  })

  test('of another kind passes as it is', () => {
    expect(viewEvent({ type: 'started' }, { role: 'learner' }, undefined)).toEqual({ type: 'started' })
  })
})
