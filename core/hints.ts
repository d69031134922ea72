import { z } from 'zod'

const text = (max: number) => z.string().max(max)

/** Something to think about in what was handed in, found by reading it. No hint is part of a verdict. */
export const hintSchema = z.strictObject({
  /** squawk's name for it. */
  rule: text(60),
  file: text(300),
  /** Counted from 1. */
  line: z.number().int().min(1),
  /** In words of ours alone. */
  message: text(500),
})
export type Hint = z.infer<typeof hintSchema>

/** As many as a person reads. */
export const HINTS = 30
export const hintsSchema = z.array(hintSchema).max(HINTS).optional()
