import { z } from 'zod'

/** Mistakes that can be told from the rows of a wrong answer: those that it has, or those of the reference with this slip. */
export const MISTAKES = [
  'duplicates',
  'duplicates-lost',
  'join-loses-rows',
  'join-keeps-rows',
  'outer-condition-in-where',
  'outer-condition-in-on',
  'condition-missing',
  'case-missing',
  'brackets-missing',
  'off-by-one',
  'nulls',
  'not-in-nulls',
  'null-for-zero',
  'zero-for-null',
  'count',
  'aggregate',
  'rounding',
  'letters',
  'grouping',
  'window',
  'order',
  'nulls-order',
  'limit',
] as const
export type MistakeKind = (typeof MISTAKES)[number]

/** `words` are the same for every exercise and quote neither its rows nor its reference. */
export const mistakeSchema = z.strictObject({ kind: z.enum(MISTAKES), words: z.string().max(400) })
export type Mistake = z.infer<typeof mistakeSchema>
