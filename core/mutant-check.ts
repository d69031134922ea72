import { z } from 'zod'

/** What a mutant does differently, and where: a 1-based character of the reference's file, or of the accepted sample's. */
const mutantSchema = z.strictObject({
  rule: z.string().max(40),
  position: z.number().int().min(1),
  words: z.string().max(300),
  /** Of which accepted sample (its index in the request) it is made; of the reference where absent. */
  sample: z.number().int().min(0).max(1000).optional(),
})
export type CheckedMutant = z.infer<typeof mutantSchema>

/** What `assay check` learns of a query exercise by running mutants of its reference (docs/authors/data-that-kills.md). */
export const mutantCheckSchema = z.strictObject({
  /**
   * How many mutants are queries, and were run. What PostgreSQL refuses for its meaning is no query and not among them, nor is
   * a mutant of a sample that nothing tells apart.
   */
  run: z.number().int().min(0),
  /** How many of them some data set tells from the reference, by other rows, an error or the time limit, whatever is drawn. */
  killed: z.number().int().min(0),
  /** Passed on every data set, though there is data that tells them apart: `datasets` has some for each, up to its bound. */
  survivors: z.array(mutantSchema).max(200),
  /** The reference's that passed on every data set, and on all that was generated. Nobody is blamed for these: most say the same in other words. */
  notToldApart: z.array(mutantSchema).max(200),
  /** How many generated data sets were tried on those that passed. */
  tries: z.number().int().min(0),
  /** Small data sets, each with the survivors (their indexes) that it kills. */
  datasets: z
    .array(
      z.strictObject({
        /** INSERT statements. */
        sql: z.string().max(20_000),
        rows: z.number().int().min(0),
        kills: z.array(z.number().int().min(0)).min(1).max(200),
        /** The wrong samples (their indexes in the request) that it fails. */
        fails: z.array(z.number().int().min(0)).max(100),
      }),
    )
    .max(40),
  /** True where the time for this was over before everything was tried. */
  cutShort: z.boolean(),
})
export type MutantCheck = z.infer<typeof mutantCheckSchema>
