import { z } from 'zod'

/**
 * What a piece of a test cost the exercise's database, by the server's own count (pg_stat_statements): what the program's role ran
 * between two moments, whether it ended well or not; BEGIN, COMMIT, SET and the like, which only steer a session, are not counted. A
 * statement's text has `$1 …` in the place of values.
 */
export const queryCostSchema = z.strictObject({
  statements: z.number().int(),
  /** Returned or written, all statements together that ended well. */
  rows: z.number().int(),
  /** Statements that were run more than once, the most frequent first. */
  repeated: z.array(z.strictObject({ text: z.string().max(1000), calls: z.number().int(), rows: z.number().int() })).max(5),
})
export type QueryCost = z.infer<typeof queryCostSchema>

/** What the last few measurements of a test that failed came to, in order. */
export const queryCostsSchema = z.array(queryCostSchema).max(4)
