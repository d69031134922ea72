import { readFileSync } from 'node:fs'

/*
 * The last line of .ci/run: how many tests passed, failed and were skipped, from vitest's own JSON. A file that failed
 * without running a test counts as one failure; so does a run that left no report. Runs on any Node, so plain JavaScript.
 */
export function countTests(report) {
  const brokenFiles = report.testResults.filter(
    file => file.status === 'failed' && !file.assertionResults.some(test => test.status === 'failed'),
  )
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + brokenFiles.length,
    skipped: report.numPendingTests + (report.numTodoTests ?? 0),
  }
}

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const report = readReport(process.argv[2])
  const { passed, failed, skipped } = report ? countTests(report) : { passed: 0, failed: 1, skipped: 0 }
  if (!report) console.log(`no report of the tests at ${process.argv[2]}`)
  console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`)
  process.exitCode = failed === 0 ? 0 : 1
}
