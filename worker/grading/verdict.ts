import { FIXED } from '../../core/limits.ts'
import { faultOf, firstOutcome, type Outcome } from '../../core/outcome.ts'
import { reportSchema, type Report, type ReportTest } from '../../core/report.ts'
import { scoreTasks, totalScore } from '../../core/score.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { Evidence, Finding } from './evidence.ts'
import type { GradeRequest } from './request.ts'
import { subjectRuntime } from './sandbox-runtime.ts'
import { testPlan } from './test-plan.ts'

/** Decides the outcome and the score from what was seen. Pure: the same evidence gives the same report; throws when that isn't one by the schema. */
export function verdict(request: GradeRequest, evidence: Evidence): Report {
  const { bundle, tests, mode } = request
  const { seed } = evidence
  const planned = new Set(testPlan(tests, mode, seed).flatMap(file => file.tests))
  const graded = tests.filter(test => planned.has(test.id))
  const passed = new Set(graded.filter(test => evidence.results.get(test.id)?.status === 'passed').map(test => test.id))

  const outcome = firstOutcome([...evidence.findings.map(finding => finding.outcome), ...testOutcomes(graded, evidence)])
  const reason = evidence.findings.find(finding => finding.outcome === outcome) ?? reasonOfTests(outcome)
  const tasks = scoreTasks(graded, passed)
  const earning = new Set(tasks.filter(task => task.corePassed).map(task => task.task))
  const { output } = evidence
  return reportSchema.parse({
    reportVersion: 1,
    exercise: { slug: bundle.slug, version: bundle.version, title: bundle.manifest.title },
    kind: bundle.manifest.kind,
    runtime: request.runtime,
    sandboxRuntime: subjectRuntime(request),
    ...(Object.keys(evidence.boxRuntimes).length > 0 && { boxRuntimes: evidence.boxRuntimes }),
    mode,
    seed,
    outcome,
    fault: faultOf(outcome),
    ...(reason && { reason: { code: reason.code, message: reason.message } }),
    score: totalScore(tasks),
    tasks: tasks.map(task => ({ ...task, title: bundle.manifest.tasks.find(each => each.id === task.task)?.title ?? task.task })),
    tests: graded.map(test => reportTest(test, evidence, passed.has(test.id) && earning.has(test.task))),
    ...(evidence.outputBytes > 0 && {
      output: { open: output.open.text(), all: output.all.text(), bytes: evidence.outputBytes, truncated: output.all.truncated },
    }),
    ...((outcome === 'start_error' || outcome === 'runtime_error' || outcome === 'memory_limit') &&
      evidence.outputBytes > 0 && { lastWords: output.lastLines(FIXED.logTailLines) }),
    ...(evidence.sqlError && { sqlError: evidence.sqlError }),
    ...(evidence.statements && { statements: evidence.statements }),
    ...(evidence.locks && { locks: evidence.locks }),
    ...(evidence.hints && { hints: evidence.hints }),
    timings: evidence.timings,
    ...(evidence.examinerPeakBytes !== undefined && { examinerPeakBytes: evidence.examinerPeakBytes }),
    images: evidence.images,
  } satisfies Report)
}

function testOutcomes(tests: readonly TestFact[], { results }: Evidence): Outcome[] {
  return tests.map(test => {
    const status = results.get(test.id)?.status
    return status === 'passed' ? 'accepted' : status === 'timed_out' ? 'time_limit' : 'wrong_answer'
  })
}

function reasonOfTests(outcome: Outcome): Omit<Finding, 'outcome'> | undefined {
  if (outcome === 'time_limit') return { code: 'TEST_TIME_LIMIT', message: 'A test took longer than its time limit.' }
  return undefined
}

function reportTest(test: TestFact, { results, interrupted, output }: Evidence, earns: boolean): ReportTest {
  const { id: _, ...result } = results.get(test.id) ?? {
    id: test.id,
    status: 'not_run' as const,
    durationMs: 0,
    ...(interrupted === test.id && { message: 'The grading ended while this test ran.' }),
  }
  const log = output.ofTest(test.id)
  return { ...test, ...result, earned: earns ? test.points : 0, ...(log !== undefined && { log }) }
}
