import { z } from 'zod'
import { bundleSchema } from './bundle.ts'
import { hintsSchema } from './hints.ts'
import { mutantCheckSchema } from './mutant-check.ts'
import { reportSchema, sqlErrorSchema, statementRunSchema, testResultSchema } from './report.ts'
import { fileMapSchema } from './submission.ts'
import { testFactSchema, testsListSchema } from './tests-list.ts'

/*
 * What worker and examiner say to each other: JSON lines on one stream named "examiner", opened by the worker.
 *
 *   worker → examiner                       examiner → worker
 *   job (bundle, seed, no learner text)
 *                                           collected            (mode collect: the end)
 *                                           mutant-news …, mutated (mode mutants: the end)
 *                                           ready                (tests loaded, database prepared)
 *   ping
 *                                           pong                 (at any time: it is still there)
 *   begin (the plan; learner's SQL, if any)
 *                                           test-start, test-end …
 *                                           control              (a request for the pod)
 *   control-done
 *   log (the subject's output as it comes)
 *   exited (the subject, after it was told to end)
 *                                           end (every result, nonce)
 *
 * No text of the learner's reaches the examiner before `ready`: reference rows and templates are made without it, and mostly
 * before anybody has handed anything in.
 *
 * Mode mutants is `assay check`'s alone, in a pod of its own: its texts are the exercise's author's, and nothing is graded.
 */
export const JOB_MODES = ['collect', 'grade', 'mutants'] as const

export const examinerJobSchema = z.strictObject({
  type: z.literal('job'),
  nonce: z.string().length(32),
  jobMode: z.enum(JOB_MODES),
  bundle: bundleSchema,
  /** What the worker has made of the bundle's TypeScript, by path; what isn't there is taken as it stands in the bundle. */
  javascript: fileMapSchema.optional(),
  seed: z.number().int(),
  /** Mode mutants: the texts of the samples that are right and of those that are wrong. */
  samples: z.strictObject({ accepted: z.array(z.string()).max(100), wrong: z.array(z.string()).max(100) }).optional(),
})
export type ExaminerJob = z.infer<typeof examinerJobSchema>
export type SampleTexts = NonNullable<ExaminerJob['samples']>

/**
 * The only things that an examiner may ask of its pod. `db.reset` stops the subject first; `subject.restart` starts it afresh;
 * `subject.signal` sends it SIGTERM, after which its end is told by `exited` and is no failure of its own. `db.restart` kills the
 * server and starts it on the same data, while the subject runs. `subject.freeze` holds the subject's and the database's box still until
 * `subject.thaw`. `reference.reset` and `reference.restart` are to the reference and its database what `db.reset` and `subject.restart` are.
 */
export const CONTROL_ACTIONS = [
  'subject.restart',
  'subject.signal',
  'subject.freeze',
  'subject.thaw',
  'db.restart',
  'db.reset',
  'reference.restart',
  'reference.reset',
] as const
export type ControlAction = (typeof CONTROL_ACTIONS)[number]

export const toExaminerSchema = z.discriminatedUnion('type', [
  examinerJobSchema,
  z.strictObject({
    type: z.literal('begin'),
    submission: fileMapSchema,
    /** Which tests to run, in which order: made by the worker from mode and seed. */
    plan: z.array(z.strictObject({ file: z.string(), tests: z.array(testFactSchema.shape.id) })),
  }),
  z.strictObject({ type: z.literal('ping') }),
  z.strictObject({ type: z.literal('control-done'), request: z.number().int(), error: z.string().optional() }),
  z.strictObject({ type: z.literal('log'), from: z.enum(['stdout', 'stderr']), text: z.string() }),
  /** The program ended after `subject.signal`. */
  z.strictObject({ type: z.literal('exited'), code: z.number().int().nullable(), signal: z.string().nullable() }),
])
export type ToExaminer = z.infer<typeof toExaminerSchema>

/** The most memory that the examiner's process has held so far. */
const peakBytes = z.number().int().min(0).optional()

export const fromExaminerSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('collected'), nonce: z.string(), tests: testsListSchema }),
  z.strictObject({ type: z.literal('ready'), timings: z.record(z.string().max(40), z.number()) }),
  z.strictObject({ type: z.literal('mutant-news'), words: z.string().max(200) }),
  /** No `check` where the kind has no mutants, or the exercise's statement changes rows. */
  z.strictObject({ type: z.literal('mutated'), nonce: z.string(), check: mutantCheckSchema.optional() }),
  z.strictObject({ type: z.literal('pong') }),
  z.strictObject({ type: z.literal('test-start'), id: testFactSchema.shape.id }),
  z.strictObject({ type: z.literal('test-end'), result: testResultSchema, peakBytes }),
  z.strictObject({ type: z.literal('control'), request: z.number().int(), action: z.enum(CONTROL_ACTIONS) }),
  /** The learner's own text can't be graded: refused before running, or an SQL error while running. */
  z.strictObject({
    type: z.literal('end'),
    nonce: z.string(),
    results: z.array(testResultSchema).max(500),
    /** Set when more than tests failed; the worker turns it into the outcome. */
    finding: z
      .strictObject({
        outcome: z.enum(['invalid_submission', 'runtime_error', 'time_limit', 'output_limit', 'memory_limit']),
        code: z.string().max(60),
        message: z.string().max(4000),
      })
      .optional(),
    sqlError: sqlErrorSchema.optional(),
    statements: z.array(statementRunSchema).max(1000).optional(),
    locks: reportSchema.shape.locks,
    hints: hintsSchema,
    timings: reportSchema.shape.timings,
    peakBytes,
  }),
  /** The exercise itself is broken (a test file that throws, a seed that fails): ours, with words for staff. */
  z.strictObject({ type: z.literal('broken'), file: z.string().max(300), message: z.string().max(8000) }),
])
export type FromExaminer = z.infer<typeof fromExaminerSchema>
