import { z } from 'zod'
import { KINDS } from './exercise.ts'
import { heldLockSchema, MOST_LOCKS } from './locks.ts'
import { hintsSchema } from './hints.ts'
import { OUTCOMES } from './outcome.ts'
import { queryCostsSchema } from './query-cost.ts'
import { SANDBOX_RUNTIMES } from './sandbox-runtime.ts'
import { mistakeSchema } from './mistake.ts'
import { pacesSchema } from './pace.ts'
import { planSchema } from './plan.ts'
import { MODES } from './submission.ts'
import { testFactSchema } from './tests-list.ts'

/** How one test ended. `not_run`: the grading ended before it. */
export const TEST_STATUSES = ['passed', 'failed', 'timed_out', 'not_run'] as const
export type TestStatus = (typeof TEST_STATUSES)[number]

const text = (max: number) => z.string().max(max)

/** A cell as it is shown: SQL text, or null for NULL. */
const cell = z.union([text(2000), z.null()])
const row = z.array(cell).max(100)

/** What comparing a query's rows found. Counts always; rows only as many as a person reads. */
export const rowsDifferenceSchema = z.strictObject({
  expectedRows: z.number().int(),
  actualRows: z.number().int(),
  columns: z.strictObject({ expected: z.array(text(200)).max(200), actual: z.array(text(200)).max(200) }),
  missing: z.strictObject({ count: z.number().int(), first: z.array(row).max(10) }),
  extra: z.strictObject({ count: z.number().int(), first: z.array(row).max(10) }),
  /** The right rows in the wrong order. */
  wrongOrder: z.boolean(),
  /** The first cell that differs, 1-based row. */
  firstCell: z.strictObject({ row: z.number().int(), column: text(200), expected: cell, actual: cell }).optional(),
  /** For a statement that changes data: the table that differs. */
  table: text(200).optional(),
})
export type RowsDifference = z.infer<typeof rowsDifferenceSchema>

/** One line of a schema difference: what is missing, what is extra, what is otherwise. */
export const schemaChangeSchema = z.strictObject({
  change: z.enum(['missing', 'extra', 'different']),
  object: text(300),
  expected: text(2000).optional(),
  actual: text(2000).optional(),
})
export type SchemaChange = z.infer<typeof schemaChangeSchema>

export const testResultSchema = z.strictObject({
  id: testFactSchema.shape.id,
  status: z.enum(TEST_STATUSES),
  durationMs: z.number().min(0),
  /** Why it failed, in words made by the test: may quote hidden requests. */
  message: text(8000).optional(),
  /** What a test that passed could not look at, in words of ours. */
  note: text(400).optional(),
  rows: rowsDifferenceSchema.optional(),
  schema: z.array(schemaChangeSchema).max(100).optional(),
  /** Of a query on a data set with a budget: how it was carried out, where its rows were right. */
  plan: planSchema.optional(),
  /** Of a query's wrong rows: what they show to be wrong, where that can be told. */
  mistake: mistakeSchema.optional(),
  queryCosts: queryCostsSchema.optional(),
  /** How fast the program was beside the exercise's reference, where the test compared them; of a test that passed, too. */
  paces: pacesSchema.optional(),
})
export type TestResult = z.infer<typeof testResultSchema>

/** An SQL error with the statement it came from and where in it. */
export const sqlErrorSchema = z.strictObject({
  code: text(10),
  message: text(2000),
  /** What that means, in a plain sentence of ours. */
  plain: text(400).optional(),
  detail: text(2000).optional(),
  hint: text(2000).optional(),
  /** The file and the statement's number in it, for a migration. */
  file: text(300).optional(),
  statementNumber: z.number().int().optional(),
  statement: text(10_000),
  /** 1-based character of `statement`. */
  position: z.number().int().optional(),
})
export type SqlError = z.infer<typeof sqlErrorSchema>

/** One statement of a migration as it was run. */
export const statementRunSchema = z.strictObject({
  file: text(300),
  number: z.number().int(),
  text: text(2000),
  durationMs: z.number(),
  inTransaction: z.boolean(),
})
export type StatementRun = z.infer<typeof statementRunSchema>

const point = z.number()
const score = z.strictObject({ earned: point, possible: point })

export const reportTestSchema = testFactSchema.extend({
  ...testResultSchema.omit({ id: true }).shape,
  earned: point,
  /** The program's own output while this test ran. */
  log: text(20_000).optional(),
})
export type ReportTest = z.infer<typeof reportTestSchema>

/**
 * What a grading found, whole: the store keeps this; what a reader sees of it is decided in report-view.ts.
 * Times are milliseconds, sizes bytes.
 */
export const reportSchema = z.strictObject({
  reportVersion: z.literal(1),
  exercise: z.strictObject({ slug: text(64), version: text(64), title: text(120) }),
  kind: z.enum(KINDS),
  runtime: text(40),
  /** What the learner's program ran in; `runc` where there was none. */
  sandboxRuntime: z.enum(SANDBOX_RUNTIMES),
  /** The same of each box that was opened, by its role: the boxes of our own programs may run in a weaker one. */
  boxRuntimes: z.record(text(40), z.enum(SANDBOX_RUNTIMES)).optional(),
  mode: z.enum(MODES),
  seed: z.number().int(),
  outcome: z.enum(OUTCOMES),
  fault: z.enum(['none', 'learner', 'grader']),
  /** A stable code and words for the learner; never quotes a hidden test. */
  reason: z.strictObject({ code: text(60), message: text(4000) }).optional(),
  score,
  tasks: z.array(score.extend({ task: text(64), title: text(120), corePassed: z.boolean() })).max(40),
  tests: z.array(reportTestSchema).max(500),
  /** The program's output: `open` up to the first hidden test (learner's), `all` of it (staff). Head and tail kept. */
  output: z.strictObject({ open: text(300_000), all: text(300_000), bytes: z.number().int(), truncated: z.boolean() }).optional(),
  /** The last lines before a start_error or runtime_error: `open` as the learner may see them, `all` for staff. */
  lastWords: z.strictObject({ open: text(20_000), all: text(20_000) }).optional(),
  sqlError: sqlErrorSchema.optional(),
  statements: z.array(statementRunSchema).max(1000).optional(),
  /** What a migration's statements locked, strongest first. */
  locks: z.array(heldLockSchema).max(MOST_LOCKS).optional(),
  hints: hintsSchema,
  /** Phase → milliseconds, in the order in which they happened. */
  timings: z.record(text(40), z.number()),
  /** The most memory that the examiner's process has held, as far as it lived to say so. */
  examinerPeakBytes: z.number().int().optional(),
  /** Image → digest. */
  images: z.record(text(40), text(100)),
})
export type Report = z.infer<typeof reportSchema>
