import type { SqlError } from '../../../core/report.ts'
import { closedSqlError, type ErrorPlace } from '../words/error-words.ts'
import { excerpt } from '../words/excerpt.ts'
import { findingOf, type Finding } from '../words/finding.ts'
import type { Failure } from '../run-statement.ts'
import type { StepFault } from './run-steps.ts'

/** What a fault of a migration's statement is, and what the learner reads of it; `known` are the words that they may. */
export function explainFault(
  failure: StepFault['failure'],
  { statement, ...where }: ErrorPlace,
  { statementMs, known }: { statementMs: number; known: ReadonlySet<string> },
): { finding: Finding; sqlError: SqlError } {
  if (failure.type === 'open_transaction') {
    const message = 'The file ends inside a transaction that it began: COMMIT is missing.'
    const finding: Finding = { outcome: 'runtime_error', code: 'open_transaction', message }
    return { finding, sqlError: { code: '25001', message, ...where, ...excerpt(statement) } }
  }
  if (failure.type === 'error') {
    const sqlError = closedSqlError(failure.error, { statement, ...where }, known)
    return { finding: findingOf(failure, statementMs, sqlError), sqlError }
  }
  const finding = findingOf(failure, statementMs)
  return { finding, sqlError: { code: CODES[failure.type], message: finding.message, ...where, ...excerpt(statement) } }
}

/** SQLSTATEs for ends that no server put in words. */
const CODES: Record<Exclude<Failure['type'], 'error'>, string> = { timed_out: '57014', too_large: '54000', lost: '57P02' }
