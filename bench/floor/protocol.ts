import type { Bundle } from '../../core/bundle.ts'
import type { FileMap } from '../../core/submission.ts'
import type { TestPlan } from '../../examiner/kind.ts'

/* What the bench and the floor's examiner say to each other, over the child's own channel. */
export type Prepare = {
  bundle: Bundle
  /** Where the exercise lies, so that its tests can be imported. */
  folder: string
  plan: TestPlan
  files: FileMap
  /** Where the submission is laid and run; packages must be found from there. */
  scratch: string
  port: number
  server?: { socket: string; port: number } | undefined
}
export type ToFloor = ({ type: 'prepare' } & Prepare) | { type: 'grade' } | { type: 'end' }
export type FromFloor =
  | { type: 'ready' }
  | { type: 'graded'; latencyMs: number; passed: number; programBytes: number }
  | { type: 'failed'; message: string }
