type Test = { status: string }
type Report = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests?: number
  testResults: { status: string; assertionResults: Test[] }[]
}
export function countTests(report: Report): { passed: number; failed: number; skipped: number }
