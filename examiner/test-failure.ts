import type { TestResult } from '../core/report.ts'

/** A test's failure that brings more than words: what it carries goes into the test's result. */
export class TestFailure extends Error {
  readonly details: Pick<TestResult, 'rows' | 'schema'>

  constructor(message: string, details: Pick<TestResult, 'rows' | 'schema'> = {}) {
    super(message)
    this.name = 'TestFailure'
    this.details = details
  }
}
