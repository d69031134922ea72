import { GraderError } from '../../core/errors.ts'
import type { Report } from '../../core/report.ts'
import { OutputCapture } from '../pod/output-capture.ts'
import { noEvidence } from './evidence.ts'
import type { GradeRequest } from './request.ts'
import { verdict } from './verdict.ts'

/** The report of a grading that failed for our doing: no test ran, no attempt is counted. */
export function graderFault(request: GradeRequest, error: unknown): Report {
  const evidence = noEvidence(new OutputCapture(), request.seed)
  const code = error instanceof GraderError ? error.code : 'UNEXPECTED'
  const message = error instanceof Error ? error.message : String(error)
  evidence.findings.push({ outcome: 'grader_error', code, message: message.slice(0, 4000) })
  return verdict(request, evidence)
}
