import { z } from 'zod'
import { LIMITS } from '../../core/limits.ts'
import { testFactSchema } from '../../core/tests-list.ts'
import type { Fixtures } from './fixtures.ts'

const { id, name, task, points, visibility, category, feedback, hint, timeLimitMs } = testFactSchema.shape

/** What an author says of a test; what is left out is decided by where its file stands (see load-tests.ts). */
export const authoredFactsSchema = z.strictObject({
  id,
  task,
  points: points.optional(),
  visibility: visibility.optional(),
  category,
  feedback: feedback.optional(),
  hint,
  timeLimitMs: timeLimitMs.max(LIMITS.test.ceiling).optional(),
})
export type AuthoredFacts = z.input<typeof authoredFactsSchema>

export type TestBody = (fixtures: Fixtures) => unknown
export type AuthoredTest = { name: string; facts: z.output<typeof authoredFactsSchema>; body: TestBody }

/** Of the file that is being loaded; outside of that there is nothing to register with. */
let collecting: AuthoredTest[] | undefined

/** Everything that `load` registers, in the order written. */
export async function collectRegistered(load: () => Promise<unknown>): Promise<AuthoredTest[]> {
  const own: AuthoredTest[] = []
  collecting = own
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
  const parsed = z.strictObject({ name, facts: authoredFactsSchema }).safeParse({ name: testName, facts })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new Error(`test("${shown}"): ${issue!.path.join('.') || 'facts'}: ${issue!.message}`)
  }
  if (typeof body !== 'function') throw new Error(`test("${shown}"): expected a function as the third argument, got ${typeof body}`)
  collecting.push({ ...parsed.data, body })
}
