import { GraderError } from '../../core/errors.ts'
import { FIXED } from '../../core/limits.ts'
import type { Report } from '../../core/report.ts'
import { OutputCapture } from '../pod/output-capture.ts'
import type { PreparedPod } from '../pod/prepared-pod.ts'
import { conduct } from './conduct.ts'
import { Deadlines, Ending } from './ending.ts'
import { noEvidence, type Evidence } from './evidence.ts'
import { lookForMemory, readTooMuch } from './memory.ts'
import { refusal } from './refusal.ts'
import type { GradeRequest } from './request.ts'
import { assertRuntime } from './sandbox-runtime.ts'
import { testPlan } from './test-plan.ts'
import { verdict } from './verdict.ts'

/** The report, and the boxes that it came from: they are removed when this is disposed, so that nobody waits for that. */
export type Graded = AsyncDisposable & { report: Report }

/**
 * Grades one submission in a pod of its own. The learner's failures are outcomes in the report; what is ours throws
 * GraderError; an aborted signal throws its reason. When it throws, no box is left.
 *
 * The grading ends with the first of: the examiner's last word, the program's end, a limit, the signal.
 */
export async function gradeSubmission(request: GradeRequest): Promise<Graded> {
  const { bundle, pods, signal } = request
  const evidence = noEvidence(new OutputCapture(), request.seed)
  const refused = refusal(request)
  if (refused) {
    evidence.findings.push(refused)
    return { report: verdict(request, evidence), [Symbol.asyncDispose]: async () => {} }
  }
  // No test, no verdict: an empty list would accept everything.
  if (testPlan(request.tests, request.mode, request.seed).length === 0)
    throw new GraderError('NO_TESTS', `${bundle.slug} has no test to run`)
  const started = performance.now()
  signal.throwIfAborted()
  await assertRuntime(request)
  request.onEvent({ type: 'progress', phase: 'preparing' })
  const prepared = await pods.take(request, signal)
  try {
    evidence.seed = prepared.seed
    evidence.timings['pod'] = performance.now() - started
    await gradeIn(prepared, request, evidence)
    evidence.timings['total'] = performance.now() - started
    return { report: verdict(request, evidence), [Symbol.asyncDispose]: () => prepared[Symbol.asyncDispose]() }
  } catch (error) {
    await prepared[Symbol.asyncDispose]()
    throw error
  }
}

async function gradeIn(prepared: PreparedPod, request: GradeRequest, evidence: Evidence): Promise<void> {
  const { signal } = request
  const ending = new Ending()
  using deadlines = new Deadlines()
  const { pod } = prepared
  evidence.images = pod.images
  evidence.boxRuntimes = pod.runtimes
  Object.assign(evidence.timings, prepared.timings)
  pod.onOutput((from, chunk) => {
    const text = evidence.output.add(from, chunk)
    evidence.outputBytes += chunk.length
    if (evidence.outputBytes <= FIXED.outputKilledBytes) return pod.examiner.tellOutput(from, text)
    ending.found({
      outcome: 'output_limit',
      code: 'OUTPUT_LIMIT',
      message: `The program printed more than ${FIXED.outputKilledBytes / 1024 ** 2} MiB and was stopped.`,
    })
  })
  const stop = () => ending.failed(signal.reason)
  signal.addEventListener('abort', stop)
  if (signal.aborted) stop()
  try {
    conduct({ request, prepared, evidence, ending, deadlines }).catch(error => ending.failed(error))
    await endOf(ending, prepared, evidence)
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

/**
 * Waits for the grading's end and notes what it was. What looks like our fault may be the learner's: a statement that
 * fills the database's memory takes the server down under the examiner.
 */
async function endOf(ending: Ending, { pod }: PreparedPod, evidence: Evidence): Promise<void> {
  try {
    const found = await ending.reached
    if (found) evidence.findings.push(found)
    await lookForMemory(pod, evidence)
  } catch (error) {
    if (!evidence.begun || !(error instanceof GraderError)) throw error
    await lookForMemory(pod, evidence)
    if (error.code === 'EXAMINER_OUT_OF_MEMORY') readTooMuch(evidence)
    if (evidence.findings.length === 0) throw error
  }
}
