import { faultOf, type Outcome } from '../../core/outcome.ts'
import type { Report, ReportTest } from '../../core/report.ts'

/** A whole report with one passed and one hidden failed test; `change` makes it what a case needs. */
export function sampleReport(outcome: Outcome, change: Partial<Report> = {}): Report {
  return {
    reportVersion: 1,
    exercise: { slug: 'tasks-api', version: 'ab'.repeat(32), title: 'Tasks API' },
    kind: 'endpoint',
    runtime: 'node',
    sandboxRuntime: 'runc',
    mode: 'submit',
    seed: 7,
    outcome,
    fault: faultOf(outcome),
    score: { earned: outcome === 'accepted' ? 4 : 1, possible: 4 },
    tasks: [{ task: 'create', title: 'Create a task', earned: outcome === 'accepted' ? 4 : 1, possible: 4, corePassed: true }],
    tests: [sampleTest({}), sampleTest({ id: 'empty-title', name: 'rejects an empty title', visibility: 'hidden', points: 3, earned: 3 })],
    timings: { boxes: 410, start: 120.4, tests: 1530 },
    images: { 'assay-node': `sha256:${'0123456789ab'.repeat(5)}0123` },
    ...change,
  }
}

export function sampleTest(change: Partial<ReportTest>): ReportTest {
  return {
    id: 'creates',
    name: 'creates a task',
    task: 'create',
    points: 1,
    visibility: 'visible',
    feedback: 'category',
    timeLimitMs: 5000,
    file: 'tests/visible/create.test.ts',
    status: 'passed',
    durationMs: 12.3,
    earned: 1,
    ...change,
  }
}
