import type { Outcome } from '../../core/outcome.ts'
import { faultOf } from '../../core/outcome.ts'
import type { Report, ReportTest } from '../../core/report.ts'
import type { FileMap } from '../../core/submission.ts'
import type { SubmissionEvent } from '../../server/store/store.ts'

/*
 * What submissions and reports of a usual size hold: a server of two files (3 KB), a report of ten tests with logs and the
 * program's output (about 6 KB), and a short one as stands in for those of long ago.
 */
const TESTS = 10

const LINE = '  const row = await database.query("select id, title, done from tasks where owner = $1 order by id", [owner])\n'

export function sampleFiles(): FileMap {
  return { 'server.js': `// ${'-'.repeat(40)}\n${LINE.repeat(18)}`, 'lib/tasks.js': LINE.repeat(9) }
}

type About = { slug: string; version: string; seed: number; mode: 'run' | 'submit'; outcome: Outcome }

export function shortReport({ slug, version, seed, mode, outcome }: About): Report {
  return {
    reportVersion: 1,
    exercise: { slug, version, title: 'Tasks' },
    kind: 'endpoint',
    runtime: 'node',
    sandboxRuntime: 'runc',
    mode,
    seed,
    outcome,
    fault: faultOf(outcome),
    score: { earned: outcome === 'accepted' ? TESTS : TESTS / 2, possible: TESTS },
    tasks: [],
    tests: [],
    timings: { preparing: 41, starting: 120, testing: 310 },
    images: {},
  }
}

export function fullReport(about: About): Report {
  const passed = about.outcome === 'accepted' ? TESTS : TESTS / 2
  const tests = Array.from({ length: TESTS }, (_, index): ReportTest => {
    const failed = index >= passed
    return {
      id: `test-${index}`,
      name: `answers request number ${index} as the statement says`,
      task: 'tasks',
      points: 1,
      visibility: index < 3 ? 'visible' : 'hidden',
      category: 'validation',
      feedback: 'category',
      timeLimitMs: 5000,
      file: `tests/${index < 3 ? 'visible' : 'hidden'}/tasks.test.ts`,
      status: failed ? 'failed' : 'passed',
      durationMs: 12.5,
      earned: failed ? 0 : 1,
      log: `listening on 8080\nGET /tasks/${index} 200 in 4 ms\n`,
      ...(failed && {
        message: `expected 422, got 500\n${'    at handler (server.js:12:5)\n'.repeat(6)}`,
        hint: 'What should a client learn?',
      }),
    }
  })
  const output = 'GET /tasks 200 in 4 ms\n'.repeat(40)
  return {
    ...shortReport(about),
    tasks: [{ task: 'tasks', title: 'Keep tasks', corePassed: true, earned: passed, possible: TESTS }],
    tests,
    output: { open: output.slice(0, 300), all: output, bytes: output.length, truncated: false },
    images: { 'assay-node': `sha256:${'a'.repeat(64)}`, 'assay-examiner': `sha256:${'b'.repeat(64)}` },
  }
}

export function sampleEvents(outcome: Outcome | null): SubmissionEvent[] {
  const queued: SubmissionEvent = { type: 'queued', reason: 'first' }
  if (outcome === null) return [queued]
  return [
    queued,
    { type: 'started' },
    ...(['preparing', 'starting', 'testing'] as const).map(phase => ({ type: 'progress', phase }) as const),
    ...Array.from({ length: TESTS }, (_, index) => ({ type: 'test', done: index + 1, total: TESTS }) as const),
    { type: 'finished', outcome, score: { earned: TESTS / 2, possible: TESTS } },
  ]
}
