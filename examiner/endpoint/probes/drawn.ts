import type { Random } from '../../authoring/seeded-random.ts'
import { currentTest } from '../../authoring/test-context.ts'

/** The random data of the test under way: what a probe sends can't be known beforehand, and is the same when a grading is repeated. */
export function drawn(): Random {
  const test = currentTest()
  if (!test) throw new Error('probes can be used inside a test only')
  return test.random
}
