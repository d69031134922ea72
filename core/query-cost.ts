import { z } from 'zod'

/**
 * What a piece of a test cost the exercise's database, by the server's own count (pg_stat_statements): what the program's role ran
 * between two moments. A statement is a SELECT, INSERT, UPDATE, DELETE, MERGE or VALUES that ended well; BEGIN, COMMIT, SET and
 * the like are not counted. Its text has `$1 …` in the place of values.
 */
export const queryCostSchema = z.strictObject({
  statements: z.number().int(),
  /** Returned or written, all statements together. */
  rows: z.number().int(),
  /** Statements that were run more than once, the most frequent first. */
  repeated: z.array(z.strictObject({ text: z.string().max(1000), calls: z.number().int(), rows: z.number().int() })).max(5),
})
export type QueryCost = z.infer<typeof queryCostSchema>

/** What the last few measurements of a test that failed came to, in order. */
export const queryCostsSchema = z.array(queryCostSchema).max(4)
