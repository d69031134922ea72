import { chai } from '@vitest/expect'
import { expect } from './authoring/expect.ts'
import { bounded } from './bounded.ts'

/**
 * What an assertion expected and what came, line by line, as vitest prints it; undefined for other errors, and where the
 * message has said it all.
 */
export function difference(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('actual' in error) || !('expected' in error)) return undefined
  if ((error as { showDiff?: boolean }).showDiff === false) return undefined
  const { actual, expected } = error
  if (actual === undefined && expected === undefined) return undefined
  return printDifference(bounded(actual), bounded(expected))
}

type MatcherUtils = { utils: { diff: (a: unknown, b: unknown, options?: object) => string | undefined } }

/** vitest hands its printer to matchers only, so a matcher of our own takes it. */
let printer: MatcherUtils['utils']['diff'] | undefined
expect.extend({
  lendPrinter() {
    printer = (this as unknown as MatcherUtils).utils.diff
    return { pass: true, message: () => '' }
  },
})

function printDifference(actual: unknown, expected: unknown): string | undefined {
  if (!printer) (chai.expect(0) as unknown as { lendPrinter: () => void }).lendPrinter()
  return printer?.(expected, actual, { expand: false, contextLines: 3, truncateThreshold: 80 }) || undefined
}
