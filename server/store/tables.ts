import type { Outcome } from '../../core/outcome.ts'
import type { SubmissionRuntime } from '../../core/runtimes.ts'
import type { GradingReason, Mode, Role, SubmissionState } from '../../core/submission.ts'
import type { GradingState } from './store.ts'

/*
 * The tables as every dialect has them: ids and times as text, JSON as text, flags as 0 or 1, so that the same queries
 * serve SQLite and PostgreSQL. `…_json` columns hold values of the type named beside them.
 */
export type Tables = {
  store_versions: { version: number; name: string; applied_at: string }
  exercise_versions: {
    version: string
    slug: string
    /** RawBundle */
    bundle_json: string
    /** TestFact[], once collected */
    tests_json: string | null
    current: number
    published_at: string
  }
  submissions: {
    id: string
    owner: string
    group_name: string
    slug: string
    runtime: SubmissionRuntime
    mode: Mode
    state: SubmissionState
    outcome: Outcome | null
    score_earned: number | null
    score_possible: number | null
    /** The current grading. */
    grading_id: string
    idempotency_key: string | null
    request_hash: string | null
    created_at: string
    finished_at: string | null
    pruned_at: string | null
  }
  submission_files: { submission_id: string; path: string; content: string }
  gradings: {
    id: string
    submission_id: string
    reason: GradingReason
    /** Counts the operator's requeues: a retry is due once in each round. */
    round: number
    version: string
    seed: number
    state: GradingState
    token: number
    worker_id: string | null
    /** How often a worker vanished while it ran. */
    losses: number
    outcome: Outcome | null
    counted: number
    message: string | null
    /** Report */
    report_json: string | null
    created_at: string
    dispatched_at: string | null
    started_at: string | null
    finished_at: string | null
  }
  /** `id` counts within the submission; `event_json` is a SubmissionEvent. */
  events: { submission_id: string; id: number; at: string; event_json: string }
  tokens: {
    id: string
    secret_hash: string
    owner: string
    group_name: string
    role: Role
    created_at: string
    revoked_at: string | null
  }
  /** `heartbeat_json` is a Heartbeat. */
  workers: { id: string; seen_at: string; heartbeat_json: string }
}
