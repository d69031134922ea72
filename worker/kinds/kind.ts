import type { Finding } from '../../core/errors.ts'
import type { Kind, Manifest } from '../../core/exercise.ts'
import type { ImageName, SubmissionRuntime } from '../../core/runtimes.ts'
import type { FileMap } from '../../core/submission.ts'
import { endpoint } from './endpoint.ts'
import { migration } from './migration.ts'
import { query } from './query.ts'

/** What a kind needs of a pod, as data. The examiner's box is always there. */
export type PodPlan = {
  /** The learner's program; absent where the submission is SQL, which the examiner runs. */
  subject?: {
    image: ImageName
    command: string[]
    /** How the same program is started ahead of its files; absent where it can't be. */
    waiting?: { command: string[]; modules: string[] }
    env: Record<string, string>
    port: number
  }
  /** A PostgreSQL server of this grading's own. */
  database: boolean
  /** That server counts statements (services.postgres.statistics). */
  countStatements?: boolean
}

/** An exercise kind, on the worker's side. Its tests and comparisons are the examiner's (examiner/kinds.ts). */
export type WorkerKind<M extends Manifest = Manifest> = {
  plan(manifest: M, runtime: SubmissionRuntime): PodPlan
  /** What is wrong with a submission's files that this kind can tell before any box is opened. */
  check(manifest: M, runtime: SubmissionRuntime, files: FileMap): Finding[]
}

const KINDS: { [K in Kind]: WorkerKind<Extract<Manifest, { kind: K }>> } = { endpoint, query, migration }

export function kindOf(manifest: Manifest): WorkerKind {
  return KINDS[manifest.kind]
}
