import type { HeldLock } from '../../core/locks.ts'
import type { Hint } from '../../core/hints.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { SqlError, StatementRun, TestResult } from '../../core/report.ts'
import type { SandboxRuntime } from '../sandbox/sandbox.ts'
import type { OutputCapture } from '../pod/output-capture.ts'

export type Finding = { outcome: Outcome; code: string; message: string }

/** What was seen while grading; verdict.ts turns it into the report. */
export type Evidence = {
  findings: Finding[]
  /** The learner's text or program has been let loose: from here on what breaks may be its doing. */
  begun: boolean
  /** The pod's. */
  seed: number
  /** By test id. A planned test that is missing did not run. */
  results: Map<string, TestResult>
  /** The test that was under way when the grading ended before its time. */
  interrupted?: string
  output: OutputCapture
  outputBytes: number
  sqlError?: SqlError
  statements?: StatementRun[]
  locks?: HeldLock[]
  hints?: Hint[]
  timings: Record<string, number>
  images: Record<string, string>
  examinerPeakBytes?: number
  /** What each box ran in, by its role. */
  boxRuntimes: Record<string, SandboxRuntime>
}

export function noEvidence(output: OutputCapture, seed: number): Evidence {
  return { findings: [], begun: false, seed, results: new Map(), output, outputBytes: 0, timings: {}, images: {}, boxRuntimes: {} }
}
