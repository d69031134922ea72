import { EXAMINER_LINES } from '../core/examiner-protocol.ts'
import type { TestResult } from '../core/report.ts'
import { cleanText } from './clean-text.ts'

/** Beside the results a message holds little: 64 KiB is plenty. */
const ROOM = EXAMINER_LINES.maxLine - 64 * 1024

/** A result that is told by itself: five hundred of these are within what the worker takes of one examiner. */
const ONE = 100 * 1024

/** One test's result, fit for a message of its own. */
export function clipResult(result: TestResult): TestResult {
  return clipTo(clipResults([result])[0]!, ONE)
}

/** The same results, fit for one message: words cleaned, and when there is too much, the longest details left out. */
export function clipResults(results: readonly TestResult[]): TestResult[] {
  const cleaned = results.map(result => ({ ...result, ...(result.message !== undefined && { message: cleanText(result.message, 8_000) }) }))
  for (const clip of [keep, (result: TestResult) => clipTo(result, 20_000), (result: TestResult) => clipTo(result, 1_500)]) {
    const clipped = cleaned.map(clip)
    if (bytes(clipped) <= ROOM) return clipped
  }
  return cleaned.map(({ id, status, durationMs }) => ({ id, status, durationMs }))
}

function keep(result: TestResult): TestResult {
  return result
}

function clipTo(result: TestResult, most: number): TestResult {
  if (bytes(result) <= most) return result
  const { rows: _rows, schema: _schema, message, ...rest } = result
  return { ...rest, ...(message !== undefined && { message: cleanText(message, Math.floor(most / 4)) }) }
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value))
}
