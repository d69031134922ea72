import type { Outcome } from '../../../core/outcome.ts'
import type { SqlError } from '../../../core/report.ts'
import type { Failure } from '../run-statement.ts'

/** More than a failed test: what the worker turns into the submission's outcome. */
export type Finding = {
  outcome: Extract<Outcome, 'invalid_submission' | 'runtime_error' | 'time_limit' | 'output_limit' | 'memory_limit'>
  code: string
  message: string
}

/**
 * PostgreSQL's own words for "no more room": out_of_memory, disk_full, and the limit on temporary files. All three are
 * the box's memory, since its disk is in memory too.
 */
const NO_ROOM = new Set(['53200', '53100', '53400'])

/** `shown` is the error as the learner may read it. */
export function findingOf(run: Failure, limitMs: number, shown?: SqlError): Finding {
  if (run.type === 'timed_out' && run.by === 'test') {
    const message = "The statement was still running when the test's time was over, and was stopped."
    return { outcome: 'time_limit', code: 'test_timeout', message }
  }
  if (run.type === 'timed_out') {
    return {
      outcome: 'time_limit',
      code: 'statement_timeout',
      message: `The statement ran longer than its limit of ${limitMs} ms and was stopped.`,
    }
  }
  if (run.type === 'too_large') {
    const limit = run.what === 'rows' ? '100,000 rows' : '16 MiB'
    return { outcome: 'output_limit', code: 'result_too_large', message: `The statement returned more than ${limit} and was stopped.` }
  }
  if (run.type === 'lost') {
    const message = 'The database server ended this session while the statement ran: it crashed, was killed or ran out of memory.'
    return { outcome: 'runtime_error', code: 'server_lost', message }
  }
  const code = shown?.code ?? run.error.code ?? 'XX000'
  if (NO_ROOM.has(code)) {
    return {
      outcome: 'memory_limit',
      code: 'no_room',
      message: 'The statement needed more memory or temporary space than the database has.',
    }
  }
  return {
    outcome: 'runtime_error',
    code: 'sql_error',
    message: shown ? `PostgreSQL says (${code}): ${shown.message}` : `PostgreSQL error ${code}.`,
  }
}
