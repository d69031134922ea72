import type { FileMap, Mode } from '../../core/submission.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { GradingEvent } from '../../core/worker-api.ts'
import type { PodRequest, PodSource } from '../pod/pod-source.ts'
import type { Sandbox } from '../sandbox/sandbox.ts'

/** All that grading one submission needs. */
export type GradeRequest = PodRequest & {
  sandbox: Sandbox
  pods: PodSource
  /** The list collected when the exercise was bundled: the denominator. */
  tests: readonly TestFact[]
  mode: Mode
  files: FileMap
  /** Aborted when the submission is cancelled or the worker must stop: no report is made. */
  signal: AbortSignal
  onEvent: (event: GradingEvent) => void
}
