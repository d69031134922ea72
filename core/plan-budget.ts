import { z } from 'zod'

/*
 * What the plan of a query may cost on one data set (`plan:` in exercise.yaml). A multiple is one of what the reference
 * costs on the same rows, measured in the same grading, so a budget holds on every machine and whatever the seed draws.
 */

/** A figure of its own, or a multiple of the reference's: 500, "3x", "1.5x". */
const amount = z.union(
  [z.number().int().min(1).max(1_000_000_000), z.string().regex(/^\d{1,4}(\.\d{1,2})?x$/)],
  'expected a whole number, or a multiple of the reference such as "3x"',
)
export type Amount = z.infer<typeof amount>

/** As the database knows it, without its schema. */
const relation = z.string().min(1).max(63)

export const planBudgetSchema = z
  .strictObject({
    /** Tables that must not be read from end to end. */
    noSeqScan: z.array(relation).min(1).max(20).optional(),
    /** Indexes each of which must be used. */
    usesIndex: z.array(relation).min(1).max(20).optional(),
    /** Pages of 8 KiB that are touched at most, found in memory or not; one that is touched twice counts twice. */
    buffers: amount.optional(),
    /** Rows that are visited at most: see `visited` in examiner/sql/query/plan/read-plan.ts. */
    rows: amount.optional(),
  })
  .refine(budget => Object.keys(budget).length > 0, 'expected at least one of noSeqScan, usesIndex, buffers and rows')
export type PlanBudget = z.infer<typeof planBudgetSchema>

/** Below this a multiple says nothing: whoever touches so little is not slow, whatever the reference needs. */
export const LEAST = { buffers: 100, rows: 1_000 } as const

/** The most that a budget allows where the reference costs so much. */
export function mostOf(budget: Amount, reference: number, least: number): number {
  return typeof budget === 'number' ? budget : Math.max(least, Math.floor(Number(budget.slice(0, -1)) * reference))
}
