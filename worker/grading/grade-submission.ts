import { randomBytes } from 'node:crypto'
import { GraderError } from '../../core/errors.ts'
import { FIXED } from '../../core/limits.ts'
import type { Report } from '../../core/report.ts'
import { kindOf } from '../kinds/kind.ts'
import { OutputCapture } from '../pod/output-capture.ts'
import { openPod } from '../pod/pod.ts'
import { conduct } from './conduct.ts'
import { Deadlines, Ending } from './ending.ts'
import { noEvidence, type Evidence } from './evidence.ts'
import { refusal } from './refusal.ts'
import type { GradeRequest } from './request.ts'
import { assertRuntime, subjectRuntime } from './sandbox-runtime.ts'
import { testPlan } from './test-plan.ts'
import { verdict } from './verdict.ts'

/** Opening boxes, loading tests and seeding a database are ours: taking longer is our fault. */
const PREPARING_MS = 60_000

/**
 * Grades one submission in a pod of its own and returns the report. The learner's failures are outcomes in it;
 * what is ours throws GraderError; an aborted signal throws its reason. No box outlives the call.
 *
 * The grading ends with the first of: the examiner's last word, the program's end, a limit, the signal.
 */
export async function gradeSubmission(request: GradeRequest): Promise<Report> {
  const output = new OutputCapture()
  const evidence = noEvidence(output)
  const refused = refusal(request)
  if (refused) {
    evidence.findings.push(refused)
    return verdict(request, evidence)
  }

  const { bundle, signal } = request
  // No test, no verdict: an empty list would accept everything.
  if (testPlan(request.tests, request.mode, request.seed).length === 0)
    throw new GraderError('NO_TESTS', `${bundle.slug} has no test to run`)
  const plan = kindOf(bundle.manifest).plan(bundle.manifest, request.runtime)
  const started = performance.now()
  const ending = new Ending()
  using deadlines = new Deadlines()
  const stop = () => ending.failed(signal.reason)
  signal.addEventListener('abort', stop)
  try {
    signal.throwIfAborted()
    const runtime = subjectRuntime(request)
    await assertRuntime(runtime, request)
    request.onEvent({ type: 'progress', phase: 'preparing' })
    await using pod = await openPod({
      sandbox: request.sandbox,
      subjectRuntime: runtime,
      plan,
      limits: bundle.manifest.limits,
      grading: request.gradingId,
      signal: AbortSignal.any([signal, AbortSignal.timeout(PREPARING_MS)]),
      onOutput: (from, chunk) => {
        const text = output.add(from, chunk)
        evidence.outputBytes += chunk.length
        if (evidence.outputBytes > FIXED.outputKilledBytes) {
          ending.found({
            outcome: 'output_limit',
            code: 'OUTPUT_LIMIT',
            message: `The program printed more than ${FIXED.outputKilledBytes / 1024 ** 2} MiB and was stopped.`,
          })
        } else pod.examiner.tellOutput(from, text)
      },
    })
    evidence.images = pod.images
    evidence.boxRuntimes = pod.runtimes
    evidence.timings['boxes'] = performance.now() - started
    deadlines.set('preparing', PREPARING_MS, () =>
      ending.failed(new GraderError('PREPARING_TOO_LONG', `The pod was not ready within ${PREPARING_MS / 1000} s`)),
    )
    const nonce = randomBytes(16).toString('hex')
    conduct({ request, pod, evidence, ending, deadlines, nonce }).catch(error => ending.failed(error))
    await endOf(ending, pod, evidence)
  } finally {
    signal.removeEventListener('abort', stop)
  }
  evidence.timings['total'] = performance.now() - started
  return verdict(request, evidence)
}

type OpenPod = Awaited<ReturnType<typeof openPod>>

/**
 * Waits for the grading's end and notes what it was. What looks like our fault may be the learner's: a statement that
 * fills the database's memory takes the server down under the examiner.
 */
async function endOf(ending: Ending, pod: OpenPod, evidence: Evidence): Promise<void> {
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

/**
 * A test that runs out of memory had it from what the program answered: every exercise's tests run within the box on its own
 * samples, and nothing else differs between them and this grading. As when a test takes too long, it ends the grading.
 */
function readTooMuch(evidence: Evidence): void {
  const { interrupted } = evidence
  if (interrupted === undefined) return
  evidence.results.set(interrupted, {
    id: interrupted,
    status: 'failed',
    durationMs: 0,
    message: 'The test ran out of memory on what the program had answered.',
  })
  evidence.findings.push({
    outcome: 'wrong_answer',
    code: 'TEST_OUT_OF_MEMORY',
    message: 'A test ran out of memory on what the program had answered; the tests after it did not run.',
  })
}

/** A process that the kernel killed for memory may have left the program running: ask, whatever the tests said. */
async function lookForMemory(pod: OpenPod, evidence: Evidence): Promise<void> {
  const boxes = [pod.subject?.box, pod.database?.box].filter(box => box !== undefined)
  const killed = await Promise.all(boxes.map(box => box.outOfMemory()))
  if (!killed.includes(true)) return
  evidence.findings.push({
    outcome: 'memory_limit',
    code: 'OUT_OF_MEMORY',
    message: 'The kernel stopped a process because its box was out of memory.',
  })
}
