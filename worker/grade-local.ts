import { randomInt } from 'node:crypto'
import type { Bundle } from '../core/bundle.ts'
import type { Report } from '../core/report.ts'
import { runtimesOf, type SubmissionRuntime } from '../core/runtimes.ts'
import type { FileMap, Mode } from '../core/submission.ts'
import type { TestFact } from '../core/tests-list.ts'
import type { GradingEvent } from '../core/worker-api.ts'
import { collectTests } from './grading/collect-tests.ts'
import { gradeSubmission } from './grading/grade-submission.ts'
import { graderFault } from './grading/grader-fault.ts'
import type { GradeRequest } from './grading/request.ts'
import { freshPods, type PodSource } from './pod/pod-source.ts'
import type { Sandbox, SandboxRuntime } from './sandbox/sandbox.ts'

export type LocalGrading = {
  sandbox: Sandbox
  /** Made when asked for, unless given. */
  pods?: PodSource
  exercise: { bundle: Bundle }
  files: FileMap
  /** Collected anew when absent; pass it when grading several submissions of one exercise. */
  tests?: readonly TestFact[]
  runtime?: SubmissionRuntime
  sandboxRuntime?: SandboxRuntime
  mode?: Mode
  seed?: number
  signal?: AbortSignal
  onEvent?: (event: GradingEvent) => void
}

/**
 * Grades a submission with the worker's own code and no server: `assay grade`, `assay check` and tests.
 * Our own faults come as a report with outcome grader_error; only an aborted signal throws.
 */
export async function gradeLocally(given: LocalGrading): Promise<Report> {
  const { bundle } = given.exercise
  const signal = given.signal ?? new AbortController().signal
  const request: GradeRequest = {
    sandbox: given.sandbox,
    pods: given.pods ?? freshPods(given.sandbox),
    sandboxRuntime: given.sandboxRuntime ?? 'runc',
    bundle,
    tests: given.tests ?? [],
    runtime: given.runtime ?? runtimesOf(bundle.manifest)[0]!,
    mode: given.mode ?? 'submit',
    seed: given.seed ?? randomInt(2 ** 31),
    keepSeed: given.seed !== undefined,
    files: given.files,
    signal,
    onEvent: given.onEvent ?? (() => {}),
  }
  try {
    const tests = given.tests ?? (await collectTests(given.sandbox, bundle, signal))
    await using graded = await gradeSubmission({ ...request, tests })
    return graded.report
  } catch (error) {
    signal.throwIfAborted()
    return graderFault(request, error)
  }
}
