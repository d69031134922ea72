import { z } from 'zod'
import { OUTCOMES } from '../../core/outcome.ts'
import { SUBMISSION_RUNTIMES } from '../../core/runtimes.ts'
import { GRADING_REASONS, MODES, SUBMISSION_STATES } from '../../core/submission.ts'
import type { Place, Submission } from '../store/store.ts'

/** What routes of submissions share. No transforms in here: what is documented is what is sent. */
export const submissionId = z.string().regex(/^sub_[A-Za-z0-9_-]{1,60}$/)
export const submissionParams = z.strictObject({ id: submissionId })

export const score = z.strictObject({ earned: z.number(), possible: z.number() })

const summary = {
  id: z.string(),
  /** The exercise's slug, and the version of it that this is graded by. */
  exercise: z.string(),
  version: z.string(),
  runtime: z.enum(SUBMISSION_RUNTIMES),
  mode: z.enum(MODES),
  state: z.enum(SUBMISSION_STATES),
  outcome: z.enum(OUTCOMES).nullable(),
  score: score.nullable(),
  owner: z.string(),
  group: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
}

export const submissionSummarySchema = z.strictObject(summary).meta({ id: 'SubmissionSummary' })

export const submissionSchema = z
  .strictObject({
    ...summary,
    queuePosition: z.number().int().nullable().describe('1 is the next to be graded; null when it does not wait'),
    estimatedWaitSeconds: z.number().nullable().describe('null when it does not wait, and while no worker is there to say'),
  })
  .meta({ id: 'Submission' })

export const gradingSchema = z
  .strictObject({
    id: z.string(),
    reason: z.enum(GRADING_REASONS),
    version: z.string(),
    seed: z.number().int(),
    state: z.enum(['waiting', 'dispatched', 'running', 'finished']),
    outcome: z.enum(OUTCOMES).nullable(),
    counted: z.boolean().describe('false where it ended because the engine was away'),
    message: z.string().nullable(),
    workerId: z.string().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({ id: 'Grading' })

export function page<Item extends z.ZodType>(item: Item) {
  return z.strictObject({ items: z.array(item), nextCursor: z.string().nullable() })
}

export function summarize(submission: Submission): z.infer<typeof submissionSummarySchema> {
  const { id, slug, version, runtime, mode, state, outcome, score, owner, group, createdAt, finishedAt } = submission
  return { id, exercise: slug, version, runtime, mode, state, outcome, score, owner, group, createdAt, finishedAt }
}

export function describe(submission: Submission, place: Place | undefined): z.infer<typeof submissionSchema> {
  return {
    ...summarize(submission),
    queuePosition: place?.position ?? null,
    estimatedWaitSeconds: place?.estimatedWaitSeconds ?? null,
  }
}
