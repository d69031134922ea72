import type { AuthoredFacts } from './authored-facts.ts'
import type { Fixtures } from './fixtures.ts'

export type { AuthoredFacts }
export type TestBody = (fixtures: Fixtures) => unknown
export type AuthoredTest = { name: string; facts: AuthoredFacts; body: TestBody }

/** Throws when a test can't be used as its author described it. */
export type FactsCheck = (shown: string, said: { name: unknown; facts: unknown }) => void

/** Of the file that is being loaded; outside of that there is nothing to register with. */
let collecting: { tests: AuthoredTest[]; check: FactsCheck } | undefined

/** Everything that `load` registers, in the order written. */
export async function collectRegistered(load: () => Promise<unknown>, check: FactsCheck): Promise<AuthoredTest[]> {
  const own: AuthoredTest[] = []
  collecting = { tests: own, check }
  try {
    await load()
    return own
  } finally {
    collecting = undefined
  }
}

/** Throws, with the words that the author needs, when what is said of the test can't be used. */
export function register(testName: string, facts: AuthoredFacts, body: TestBody): void {
  const shown = typeof testName === 'string' ? testName : String(testName)
  if (!collecting) throw new Error(`test("${shown}") was called after its file had been loaded; write it at the top level of the file`)
  collecting.check(shown, { name: testName, facts })
  if (typeof body !== 'function') throw new Error(`test("${shown}"): expected a function as the third argument, got ${typeof body}`)
  // A copy: an author may use one object for several tests.
  collecting.tests.push({ name: testName, facts: { ...facts }, body })
}
