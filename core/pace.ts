import { z } from 'zod'

/** Lower ones are refused: less than this a machine's own unrest can make. */
export const LEAST_FACTOR = 2
export const LEAST_ROUNDS = 5
export const MOST_ROUNDS = 20
/** Comparisons in one test. */
export const MOST_PACES = 4

/**
 * `within`: no round was beyond the factor, `beyond`: every one was, and the test failed for it; `inconclusive`: some were and some
 * were not, and the test stands.
 */
export const PACE_VERDICTS = ['within', 'beyond', 'inconclusive'] as const

/** How fast a program was beside the exercise's reference, in rounds that took turns. */
export const paceSchema = z.strictObject({
  /** `latency`: the lower quartile of a round's times of a request, in milliseconds; `throughput`: its requests per second. */
  of: z.enum(['latency', 'throughput']),
  /** How many times as slow as the reference the program may be. */
  factor: z.number(),
  /** How many calls were under way at a time. */
  atOnce: z.number().int(),
  verdict: z.enum(PACE_VERDICTS),
  /** `ratio`: how many times as slow as the reference the program was. */
  rounds: z.array(z.strictObject({ reference: z.number(), subject: z.number(), ratio: z.number() })).max(MOST_ROUNDS),
})
export type Pace = z.infer<typeof paceSchema>

/** A test's comparisons, in order. */
export const pacesSchema = z.array(paceSchema).max(MOST_PACES)
