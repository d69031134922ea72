import { z } from 'zod'
import { SUBMISSION_RUNTIMES } from './runtimes.ts'
import { GRADING_REASONS, MODES, fileMapSchema } from './submission.ts'
import { reportSchema } from './report.ts'
import { testFactSchema, testsListSchema } from './tests-list.ts'

/*
 * What workers ask of the server, under /internal/v1, with a worker token (Authorization: Bearer).
 *
 *   POST /workers/{id}/heartbeat            heartbeat → heartbeatAnswer      every HEARTBEAT_MS
 *   GET  /exercises                         exercise versions, whether they are current and their tests collected
 *   GET  /bundles/{version}                 a bundle (core/bundle.ts), by content hash
 *   PUT  /exercises/{version}/tests         the collected list
 *   POST /gradings/{id}/claim               → claim | 409 when nothing is to be done any more
 *   POST /gradings/{id}/events              live events, with the fencing token
 *   POST /gradings/{id}/report              the report, recorded once, with the events that were not sent before
 *   POST /gradings/{id}/return              back to the line, uncounted
 *
 * A fencing token is made at each claim; whatever comes with an older one is refused with 409 and a problem of type
 * "superseded", which the worker takes as the end of its interest.
 */
export const HEARTBEAT_MS = 2_000
/** A worker that has been silent for this long holds nothing any more. */
export const WORKER_SILENT_MS = 15_000

const id = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)
const token = z.number().int().positive()
const version = z.string().regex(/^[0-9a-f]{64}$/)

const count = z.number().int().min(0)

/** A worker's pods made ahead; `taken`, `made`, `failed` and `discarded` count since its start. */
export const poolFiguresSchema = z.strictObject({
  ready: count,
  making: count,
  inUse: count,
  readyBytes: count,
  /** Gradings whose pod was ready, was being made already, or had to be made from the beginning. */
  taken: z.strictObject({ ready: count, awaited: count, cold: count }),
  made: count,
  failed: count,
  /** Of those that waited: ended by themselves, or silent when they were asked. */
  discarded: count,
})
export type PoolFigures = z.infer<typeof poolFiguresSchema>

export const heartbeatSchema = z.strictObject({
  slots: z.number().int().min(0).max(1000),
  gradings: z.array(z.strictObject({ id, token })).max(1000),
  engine: z.discriminatedUnion('state', [
    z.strictObject({ state: z.literal('up'), version: z.string().max(60), runtimes: z.array(z.string().max(40)).max(20) }),
    z.strictObject({ state: z.literal('away'), message: z.string().max(500) }),
  ]),
  disk: z.strictObject({ freeBytes: z.number(), totalBytes: z.number() }),
  boxes: z.number().int().min(0),
  /** Absent where nothing is made ahead. */
  pool: poolFiguresSchema.optional(),
})
export type Heartbeat = z.infer<typeof heartbeatSchema>

/** Gradings that this worker should stop: cancelled, or no longer its own. */
export const heartbeatAnswerSchema = z.strictObject({ stop: z.array(id) })

export const exerciseVersionsSchema = z.strictObject({
  /** `current`: on offer; others are there for gradings that still need them. */
  items: z.array(z.strictObject({ slug: z.string(), version, collected: z.boolean(), current: z.boolean() })),
})

export const testsSchema = z.strictObject({ tests: testsListSchema })

export const claimRequestSchema = z.strictObject({ workerId: id })
export const claimSchema = z.strictObject({
  gradingId: id,
  submissionId: id,
  token,
  slug: z.string(),
  version,
  /** Absent until some worker has collected them. */
  tests: testsListSchema.optional(),
  runtime: z.enum(SUBMISSION_RUNTIMES),
  mode: z.enum(MODES),
  reason: z.enum(GRADING_REASONS),
  /** For a `first` grading a proposal: a pod that was made ahead has its own, and the report names it. For all others the one to use. */
  seed: z.number().int(),
  files: fileMapSchema,
})
export type Claim = z.infer<typeof claimSchema>

/** A hidden test's event carries a running count only: no id, no name, no time. */
export const gradingEventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('started') }),
  z.strictObject({ type: z.literal('progress'), phase: z.enum(['preparing', 'starting', 'testing']) }),
  z.strictObject({
    type: z.literal('test'),
    done: z.number().int(),
    total: z.number().int(),
    id: testFactSchema.shape.id.optional(),
    passed: z.boolean().optional(),
  }),
])
export type GradingEvent = z.infer<typeof gradingEventSchema>

export const EVENTS_AT_ONCE = 500
const events = z.array(gradingEventSchema).max(EVENTS_AT_ONCE)
export const eventsRequestSchema = z.strictObject({ token, events: events.min(1) })
/** `events`: what happened last, before the verdict; absent when the report is sent again. */
export const reportRequestSchema = z.strictObject({ token, report: reportSchema, events: events.optional() })
/** `engine_away`: this grading ends as a grader fault and another, uncounted, follows. `shutdown`: it was only handed back. */
export const returnRequestSchema = z.strictObject({
  token,
  reason: z.enum(['engine_away', 'shutdown']),
  message: z.string().max(500).optional(),
})

/** BullMQ: queue name and job data; ids only. */
export const QUEUE_NAME = 'gradings'
export const jobSchema = z.strictObject({ gradingId: id })
