import { z } from 'zod'

export const VISIBILITIES = ['visible', 'after_due', 'after_published', 'hidden'] as const
export const FEEDBACK = ['none', 'category', 'message', 'full'] as const

/** What is known of a test before any learner's code exists. The list of them is the denominator of every score. */
export const testFactSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens, at most 64'),
  name: z.string().min(1).max(200),
  task: z.string().min(1).max(64),
  points: z.number().min(0).max(1000),
  visibility: z.enum(VISIBILITIES),
  /** What a learner may be told of a failed hidden test when feedback is `category`, e.g. "validation". */
  category: z.string().max(80).optional(),
  feedback: z.enum(FEEDBACK),
  hint: z.string().max(500).optional(),
  timeLimitMs: z.number().int().min(1),
  /** The file it stands in, relative to the exercise: what staff read. */
  file: z.string().max(300),
})

/** tests.json of a bundle. Without a test there would be nothing to earn. */
export const testsListSchema = z.array(testFactSchema).min(1).max(500)

export type Visibility = (typeof VISIBILITIES)[number]
export type TestFact = z.infer<typeof testFactSchema>
