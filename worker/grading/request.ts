import type { Bundle } from '../../core/bundle.ts'
import type { SubmissionRuntime } from '../../core/runtimes.ts'
import type { FileMap, Mode } from '../../core/submission.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import type { Sandbox, SandboxRuntime } from '../sandbox/sandbox.ts'

/** All that grading one submission needs. */
export type GradeRequest = {
  sandbox: Sandbox
  /** The worker's setting; what a program runs in is for sandbox-runtime.ts to say. */
  sandboxRuntime: SandboxRuntime
  gradingId: string
  bundle: Bundle
  /** The list collected when the exercise was bundled: the denominator. */
  tests: readonly TestFact[]
  runtime: SubmissionRuntime
  mode: Mode
  seed: number
  files: FileMap
  /** Aborted when the submission is cancelled or the worker must stop: no report is made. */
  signal: AbortSignal
  onEvent: (event: GradingEvent) => void
}
