import { z } from 'zod'
import { LIMITS } from '../../core/limits.ts'
import { testFactSchema } from '../../core/tests-list.ts'

const { id, name, task, points, visibility, category, feedback, hint, timeLimitMs } = testFactSchema.shape

/** What an author says of a test; what is left out is decided by where its file stands (see load-tests.ts). */
const authoredFactsSchema = z.strictObject({
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

const namedSchema = z.strictObject({ name, facts: authoredFactsSchema })

/** Throws, with the words that the author needs, when what is said of the test can't be used. */
export function checkFacts(shown: string, said: { name: unknown; facts: unknown }): void {
  const parsed = namedSchema.safeParse(said)
  if (parsed.success) return
  const [issue] = parsed.error.issues
  throw new Error(`test("${shown}"): ${issue!.path.join('.') || 'facts'}: ${issue!.message}`)
}
