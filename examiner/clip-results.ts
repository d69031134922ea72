import { EXAMINER_LINES } from '../core/examiner-lines.ts'
import type { HeldLock } from '../core/locks.ts'
import type { StatementRun, TestResult } from '../core/report.ts'
import { cleanText } from './clean-text.ts'
import type { Graded } from './kind.ts'

/** Beside the results a message holds little: 64 KiB is plenty. */
const ROOM = EXAMINER_LINES.maxLine - 64 * 1024

/** A result that is told by itself: five hundred of these are within what the worker takes of one examiner. */
const ONE = 100 * 1024

/** One test's result, fit for a message of its own. */
export function clipResult(result: TestResult): TestResult {
  return clipTo(clipResults([result])[0]!, ONE)
}

/**
 * A grading's last word, fit for one message: what was found, then the results, and of the statements that were run and of their
 * locks as much as there is room for after them. A message above the worker's cap would be taken for a fault of ours.
 */
export function clipEnd<End extends Pick<Graded, 'results' | 'statements' | 'locks'>>({ results, statements, locks, ...found }: End) {
  const room = ROOM - bytes(found)
  const clipped = clipResults(results, room)
  const kept = statements && clipStatements(statements, room - bytes(clipped))
  const left = room - bytes(clipped) - bytes(kept ?? [])
  return { ...found, results: clipped, ...(kept && { statements: kept }), ...(locks && { locks: clipLocks(locks, left) }) }
}

/** The strongest come first. */
function clipLocks(locks: readonly HeldLock[], room: number): HeldLock[] {
  let clipped = [...locks]
  while (clipped.length > 0 && bytes(clipped) > room) clipped = clipped.slice(0, Math.floor(clipped.length / 2))
  return clipped
}

/** The same results, fit for one message: words cleaned, and when there is too much, the longest details left out. */
export function clipResults(results: readonly TestResult[], room = ROOM): TestResult[] {
  const cleaned = results.map(result => ({ ...result, ...(result.message !== undefined && { message: cleanText(result.message, 8_000) }) }))
  for (const clip of [keep, (result: TestResult) => clipTo(result, 20_000), (result: TestResult) => clipTo(result, 1_500)]) {
    const clipped = cleaned.map(clip)
    if (bytes(clipped) <= room) return clipped
  }
  return cleaned.map(({ id, status, durationMs }) => ({ id, status, durationMs }))
}

function clipStatements(statements: readonly StatementRun[], room: number): StatementRun[] {
  let clipped = [...statements]
  for (const most of [400, 80]) {
    if (bytes(clipped) <= room) return clipped
    clipped = statements.map(run => ({ ...run, text: cleanText(run.text, most) }))
  }
  while (clipped.length > 0 && bytes(clipped) > room) clipped = clipped.slice(0, Math.floor(clipped.length / 2))
  return clipped
}

function keep(result: TestResult): TestResult {
  return result
}

function clipTo(result: TestResult, most: number): TestResult {
  if (bytes(result) <= most) return result
  const { rows: _rows, schema: _schema, plan: _plan, queryCosts: _queryCosts, paces: _paces, message, ...rest } = result
  return { ...rest, ...(message !== undefined && { message: cleanText(message, Math.floor(most / 4)) }) }
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
