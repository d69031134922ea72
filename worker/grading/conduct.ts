import { GraderError } from '../../core/errors.ts'
import type { ControlAction, FromExaminer } from '../../core/examiner-protocol.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { PreparedPod } from '../pod/prepared-pod.ts'
import { resetDatabase } from '../pod/reset-database.ts'
import type { Deadlines, Ending } from './ending.ts'
import type { Evidence } from './evidence.ts'
import type { GradeRequest } from './request.ts'
import { startAfresh, startSubject, stopSubject, subjectEnded, watchDatabase, watchSubject } from './subject.ts'
import { testPlan } from './test-plan.ts'

export type Conduct = { request: GradeRequest; prepared: PreparedPod; evidence: Evidence; ending: Ending; deadlines: Deadlines }

/** The examiner ends a test at its limit by itself; a test that holds up the examiner's own process is ended this much later. */
const TEST_GRACE_MS = 2_000

/** Leads a prepared pod through a grading, from the learner's files to the examiner's last word, and does what the examiner asks of the pod. */
export async function conduct(all: Conduct): Promise<void> {
  const { request, prepared, evidence, ending, deadlines } = all
  const { pod, messages, seed } = prepared
  const { total } = request.bundle.manifest.limits
  const tests = new Map(request.tests.map(test => [test.id, test]))
  const plan = testPlan(request.tests, request.mode, seed)
  const planned = plan.flatMap(file => file.tests)

  evidence.begun = true
  watchDatabase(all)
  void pod.reference?.ended.then(error => ending.failed(error))
  if (pod.subject) {
    watchSubject(all)
    if (!(await startSubject(all))) return
  }
  request.onEvent({ type: 'progress', phase: 'testing' })
  deadlines.set('total', total, () =>
    ending.found({
      outcome: 'time_limit',
      code: 'TOTAL_TIME_LIMIT',
      message: `All tests together took longer than ${total / 1000} s.`,
    }),
  )
  pod.examiner.say({ type: 'begin', submission: pod.subject ? {} : request.files, plan })

  for await (const message of messages) {
    switch (message.type) {
      case 'test-start':
        testStarts(all, testOf(tests, message.id))
        break
      case 'test-end':
        notePeak(evidence, message.peakBytes)
        testEnds(all, testOf(tests, message.result.id), message.result, planned.length)
        break
      case 'control':
        await control(all, message.request, message.action)
        break
      case 'end':
        return await finish(all, message, planned)
      case 'broken':
        throw new GraderError('EXERCISE_BROKEN', `${message.file}: ${message.message}`)
      default:
        throw new GraderError('EXAMINER_PROTOCOL', `The examiner said "${message.type}" while it graded`)
    }
  }
}

function testOf(tests: Map<string, TestFact>, id: string): TestFact {
  const test = tests.get(id)
  if (!test) throw new GraderError('EXAMINER_PROTOCOL', `The examiner named a test that the exercise doesn't have: ${id}`)
  return test
}

function testStarts({ evidence, ending, deadlines }: Conduct, test: TestFact): void {
  evidence.interrupted = test.id
  evidence.output.testStarts(test.id, test.visibility !== 'visible')
  deadlines.set('test', test.timeLimitMs + TEST_GRACE_MS, () => {
    evidence.results.set(test.id, {
      id: test.id,
      status: 'timed_out',
      durationMs: test.timeLimitMs,
      message: 'The test did not end within its time limit.',
    })
    ending.found({ outcome: 'time_limit', code: 'TEST_TIME_LIMIT', message: 'A test took longer than its time limit.' })
  })
}

function testEnds(
  { request, evidence, deadlines }: Conduct,
  test: TestFact,
  result: Extract<FromExaminer, { type: 'test-end' }>['result'],
  total: number,
): void {
  deadlines.clear('test')
  delete evidence.interrupted
  evidence.output.testEnds()
  evidence.results.set(test.id, result)
  const done = evidence.results.size
  request.onEvent({ type: 'test', done, total, ...(test.visibility === 'visible' && { id: test.id, passed: result.status === 'passed' }) })
}

function notePeak(evidence: Evidence, peakBytes: number | undefined): void {
  if (peakBytes !== undefined) evidence.examinerPeakBytes = peakBytes
}

async function control(all: Conduct, request: number, action: ControlAction): Promise<void> {
  const { evidence, ending } = all
  const { pod } = all.prepared
  const { start } = all.request.bundle.manifest.limits
  const done = (error?: string) => pod.examiner.say({ type: 'control-done', request, ...(error !== undefined && { error }) })
  if (action === 'subject.signal') {
    pod.subject?.agent.signal('SIGTERM')
    return done()
  }
  if (action === 'subject.restart') {
    if (await startAfresh(all)) done()
    return
  }
  if (action === 'subject.freeze' || action === 'subject.thaw') {
    await (action === 'subject.freeze' ? pod.freeze() : pod.thaw())
    return done()
  }
  if (action === 'reference.restart' || action === 'reference.reset') {
    if (!pod.reference) return done('this exercise has no reference')
    await (action === 'reference.reset' ? pod.reference.reset() : pod.reference.restart(start))
    return done()
  }
  if (!pod.database) return done('this exercise has no database')
  if (action === 'db.reset') {
    // A database that is made anew under a running program would make it fail for our doing.
    if (pod.subject && !(await stopSubject(all))) return
    const failed = await resetDatabase(pod.database.agent)
    if (failed === undefined || !evidence.begun) return done(failed)
    // The same server could do it before the learner's text or program was let loose.
    return ending.found({
      outcome: 'runtime_error',
      code: 'DATABASE_STUCK',
      message: 'The database could not be made anew for the next tests: what was asked of it before keeps its server from working.',
    })
  }
  // Under a running program, which is what the test is about.
  await pod.database.agent.stop()
  const restarted = await pod.database.agent.start({})
  done(restarted?.listening ? undefined : 'PostgreSQL did not start again')
}

/** Takes the examiner's last word, after checking that it is whole and its own. */
async function finish(all: Conduct, end: Extract<FromExaminer, { type: 'end' }>, planned: string[]): Promise<void> {
  const { evidence, ending, deadlines, prepared } = all
  deadlines.clear('total')
  if (end.nonce !== prepared.nonce) throw new GraderError('REPORT_FORGED', "The examiner's report doesn't carry this grading's nonce")
  const ids = new Set(end.results.map(result => result.id))
  const missing = planned.filter(id => !ids.has(id))
  if (missing.length > 0 || ids.size !== planned.length) {
    throw new GraderError(
      'REPORT_INCOMPLETE',
      `The examiner reported ${ids.size} of ${planned.length} tests; missing: ${missing.join(', ') || 'none'}`,
    )
  }
  for (const result of end.results) evidence.results.set(result.id, result)
  if (end.sqlError) evidence.sqlError = end.sqlError
  if (end.statements) evidence.statements = end.statements
  if (end.locks) evidence.locks = end.locks
  if (end.hints) evidence.hints = end.hints
  Object.assign(evidence.timings, end.timings)
  notePeak(evidence, end.peakBytes)
  if (end.finding) return ending.found(end.finding)
  // Requests to a program that has died fail quickly: the examiner may be done before the news of its end is here.
  if (prepared.pod.subject && (await subjectEnded(all))) return
  ending.finished()
}
