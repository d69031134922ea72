import type { TestFact } from '../core/tests-list.ts'
import type { Fixtures } from './authoring/fixtures.ts'
import type { Laid } from './kind.ts'

export type TestBody = (fixtures: Fixtures) => unknown
export type LoadedTest = { fact: TestFact; body: TestBody }

/** Imports the exercise's test files, without running a test. Throws InvalidInput naming the file that can't be used. */
export async function loadTests(_exercise: Laid): Promise<Map<string, LoadedTest>> {
  throw new Error('not written yet')
}
