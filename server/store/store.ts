import type { z } from 'zod'
import type { bundleSchema } from '../../core/bundle.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Report } from '../../core/report.ts'
import type { SubmissionRuntime } from '../../core/runtimes.ts'
import type { Score } from '../../core/score.ts'
import type { FileMap, GradingReason, Mode, Role, SubmissionState } from '../../core/submission.ts'
import type { TestFact } from '../../core/tests-list.ts'
import type { Claim, GradingEvent, Heartbeat } from '../../core/worker-api.ts'

/*
 * The store's port: what the server keeps, in the grader's words. Every method is one transaction: it happened whole or
 * not at all, and two callers at once can't both win. Only the server writes; ids are text and sort by time; times are
 * ISO 8601 UTC text.
 *
 * A grading goes waiting → dispatched (its id is in the queue) → running (a worker claimed it) → finished, and may come
 * back to waiting from either of the two in between. Its submission is `queued` while that grading is waiting or
 * dispatched.
 *
 * Any method may throw StoreFull (disk full: 507) or StoreUnavailable (locked, unreadable: 503): store-errors.ts.
 */
export interface Store {
  // ── Taking submissions in

  /** Keeps a submission, `queued`, with its files and its first grading in the waiting line. */
  accept(submission: NewSubmission): Promise<Accepted>
  /**
   * Ends a submission that isn't finished, at once: state and outcome `cancelled`. A worker that still runs its grading
   * is told to stop at its next event or heartbeat; whatever it reports is superseded. Finished ones stay as they are.
   */
  cancel(submissionId: string): Promise<'cancelled' | 'already_over' | 'unknown'>
  /** The operator's second chance for a submission that finished as grader_error: a new grading, of the exercise's current version. */
  requeue(submissionId: string): Promise<Requeued>

  // ── Reading

  submission(id: string): Promise<Submission | undefined>
  /** Newest first; `nextCursor` is null on the last page. */
  submissions(filter: SubmissionFilter, page: { cursor?: string; limit: number }): Promise<Page<Submission>>
  /** What this owner's Idempotency-Key made, and from which request. */
  byIdempotencyKey(owner: string, key: string): Promise<{ submission: Submission; requestHash: string } | undefined>
  /** The files as handed in; undefined when they were pruned or there is no such submission. */
  files(submissionId: string): Promise<FileMap | undefined>
  /** Oldest first, without their reports. */
  gradings(submissionId: string): Promise<Grading[]>
  /** The whole report of one grading, as the worker sent it. */
  report(gradingId: string): Promise<Report | undefined>
  /** Events after `afterId` (0: all), oldest first. Ids count 1, 2, 3 … within a submission. */
  readEvents(submissionId: string, afterId: number, limit?: number): Promise<StoredEvent[]>
  /** Where a queued submission stands; undefined when it isn't queued. */
  placeInLine(submissionId: string): Promise<Place | undefined>
  /** Unfinished work and dead letters, for /metrics, /readyz and the limit on waiting. */
  counts(): Promise<Counts>

  // ── Exercises

  /** Makes these the current versions of the library, all at once; an exercise that isn't among them is no longer offered. */
  publish(bundles: readonly RawBundle[]): Promise<void>
  /** The current versions, and those that unfinished gradings still need. */
  exerciseVersions(): Promise<ExerciseVersion[]>
  bundle(version: string): Promise<RawBundle | undefined>
  /** The collected tests; undefined when none are collected or the version is unknown. */
  tests(version: string): Promise<TestFact[] | undefined>
  /** Keeps the collected tests. The first list stands: it is the denominator. */
  keepTests(version: string, tests: readonly TestFact[]): Promise<'kept' | 'already_kept' | 'unknown'>

  // ── Tokens of the public API

  /** The whole token is returned here and never again; the store keeps its SHA-256. */
  addToken(token: { owner: string; group: string; role: Role }): Promise<{ id: string; token: string }>
  /** Whose token this is; undefined when it is malformed, unknown, revoked or wrong. */
  findToken(token: string): Promise<TokenFacts | undefined>
  tokens(): Promise<TokenFacts[]>
  revokeToken(id: string): Promise<boolean>

  // ── The waiting line

  /**
   * Of those that wait, the `count` whose turn it is next, fairly between groups and owners: those that `placeInLine` has
   * first. Regrades come after everything that a learner waits for, and only within the first `behind` of them.
   */
  next(count: number, behind: number): Promise<InLine[]>
  /** waiting → dispatched, for what the caller puts into the queue; returns those that were still waiting. */
  dispatch(gradingIds: readonly string[]): Promise<Dispatched[]>
  /** dispatched → waiting, for jobs that the queue doesn't hold. */
  undispatch(gradingIds: readonly string[]): Promise<void>
  /** Dispatched before `before` and not claimed since. */
  dispatched(before: string): Promise<Dispatched[]>

  // ── Workers

  /** waiting or dispatched → running under a new fencing token; undefined when nothing is to be done any more. */
  claim(gradingId: string, workerId: string): Promise<Claim | undefined>
  recordEvents(gradingId: string, token: number, events: readonly GradingEvent[]): Promise<'recorded' | 'superseded'>
  /**
   * Records the report, once, and its seed as the grading's: that of the pod that graded. A grader_error is graded once
   * more with the same seed; the second one finishes the submission.
   * `already_recorded`: the same token's report came before. `events` come before the verdict in the submission's row.
   */
  recordReport(
    gradingId: string,
    token: number,
    report: Report,
    events?: readonly GradingEvent[],
  ): Promise<'recorded' | 'already_recorded' | 'superseded'>
  /**
   * Back to the line. `shutdown`: the same grading waits again. `engine_away`: it ends as an uncounted grader_error and
   * a new one, with the same seed, waits.
   */
  giveBack(gradingId: string, token: number, reason: 'engine_away' | 'shutdown', message?: string): Promise<'given_back' | 'superseded'>
  /**
   * Notes that the worker lives and what it says. Returns the gradings it should stop; a grading that it claimed a while
   * ago and doesn't list goes back to the line.
   */
  heartbeat(workerId: string, heartbeat: Heartbeat): Promise<{ stop: string[] }>
  /** Workers heard of lately, live or not. */
  workers(): Promise<Worker[]>
  /** Running gradings of workers not heard since `silentSince` go back to the line; returns how many. */
  returnLost(silentSince: string): Promise<number>

  // ── Housekeeping

  /** Throws when the store can't be read. */
  ping(): Promise<void>
  /** Writes a whole, consistent copy to a new file while the store is in use. */
  backup(to: string): Promise<void>
  /** Removes files and events of submissions that were over before `before`; verdicts and reports' scores stay. */
  prune(before: string): Promise<{ submissions: number }>
  close(): Promise<void>
}

export type NewSubmission = {
  owner: string
  group: string
  slug: string
  /** A published version of it. */
  version: string
  runtime: SubmissionRuntime
  mode: Mode
  files: FileMap
  /** The client's Idempotency-Key with a hash of its request; the key is the owner's own. */
  idempotency?: { key: string; requestHash: string }
  /** Above so many queued submissions none is taken in. */
  maxWaiting: number
}

/** `repeated`: the same key came before with the same request; `key_reused`: with another one. */
export type Accepted =
  | { result: 'accepted' | 'repeated'; submission: Submission }
  | { result: 'key_reused' }
  | { result: 'line_full'; waiting: number }

/** `pruned`: its files are gone. */
export type Requeued = 'queued' | 'not_a_grader_error' | 'pruned' | 'unknown'

export type Submission = {
  id: string
  owner: string
  group: string
  slug: string
  runtime: SubmissionRuntime
  mode: Mode
  state: SubmissionState
  /** Null until it is over. */
  outcome: Outcome | null
  score: Score | null
  /** The current grading and the exercise version that it is graded by. */
  gradingId: string
  version: string
  createdAt: string
  finishedAt: string | null
}

export type SubmissionFilter = { owner?: string; group?: string; slug?: string; state?: SubmissionState; outcome?: Outcome }

export const GRADING_STATES = ['waiting', 'dispatched', 'running', 'finished'] as const
export type GradingState = (typeof GRADING_STATES)[number]

export type Grading = {
  id: string
  submissionId: string
  reason: GradingReason
  version: string
  /** Drawn when it was made; once it has a report, the seed that it was graded with. */
  seed: number
  state: GradingState
  /** How often it was claimed; the newest claim's token is the only one that counts. */
  token: number
  workerId: string | null
  outcome: Outcome | null
  /** False for a grading that ended because the engine was away: it costs no retry. */
  counted: boolean
  /** Why it ended without a report, for the operator. */
  message: string | null
  createdAt: string
  startedAt: string | null
  finishedAt: string | null
}

/** What a submission's followers are told. `finished` carries the outcome, also of a cancelled one. */
export type SubmissionEvent =
  | { type: 'queued'; reason: GradingReason }
  | GradingEvent
  | { type: 'finished'; outcome: Outcome; score: Score | null }
export type StoredEvent = { id: number; at: string; event: SubmissionEvent }

/** 1 is the next to be graded. The wait is null while no worker is there to say. */
export type Place = { position: number; estimatedWaitSeconds: number | null }

export type Counts = {
  /** Gradings not yet in the queue, in the queue, and being graded. */
  waiting: number
  dispatched: number
  running: number
  /** Submissions that finished as grader_error: the operator's list. */
  graderErrors: number
}

/** A bundle as it crosses the wire: the manifest as written, parsed again where it arrives. */
export type RawBundle = z.input<typeof bundleSchema>
export type ExerciseVersion = { slug: string; version: string; collected: boolean; current: boolean }

export type TokenFacts = { id: string; owner: string; group: string; role: Role; createdAt: string; revokedAt: string | null }

/** A grading that waits. `behind`: it is a regrade, or the retry of one, for which no learner waits. */
export type InLine = Dispatched & { owner: string; group: string; behind: boolean }
/** A grading that the queue should hold, and the token of its last claim so far: after another claim it is another job. */
export type Dispatched = { gradingId: string; token: number }

export type Worker = { id: string; seenAt: string; heartbeat: Heartbeat }

export type Page<Item> = { items: Item[]; nextCursor: string | null }

/**
 * What the store says to the rest of its process once a transaction is committed: there is something new, look. A hint may
 * be lost or come twice; the tables are the truth.
 */
export type Hints = {
  /** A submission has new events. */
  eventsAdded: (submissionId: string) => void
  /** Work came, or a place became free. */
  lineMoved: () => void
}
