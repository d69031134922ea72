import type { FromExaminer, SampleTexts } from '../core/examiner-protocol.ts'
import type { Manifest } from '../core/exercise.ts'
import type { MutantCheck } from '../core/mutant-check.ts'
import type { TestResult } from '../core/report.ts'
import type { FileMap } from '../core/submission.ts'
import type { TestFact } from '../core/tests-list.ts'
import type { Pod } from './pod.ts'

/** An exercise as it lies in the examiner's box. */
export type Laid<M extends Manifest = Manifest> = {
  manifest: M
  /** Path → content, relative to the exercise. */
  files: FileMap
  /** Where the same files lie on disk: test files are imported from here. */
  folder: string
}

export type TestPlan = { file: string; tests: string[] }[]

export type GradeContext<M extends Manifest = Manifest> = Laid<M> & {
  seed: number
  pod: Pod
}

/** Told as a grading goes on: each test of the plan that is run starts and ends once. */
export type Watch = {
  /** Resolves once the worker has been told, so that a test that holds up this process can't hold back the news of its start. */
  onStart: (id: string) => Promise<void>
  onEnd: (result: TestResult) => void
}

type End = Extract<FromExaminer, { type: 'end' }>
/** The end of a grading: a result for every test of the plan (`not_run` among them), and what the kind found beyond tests. */
export type Graded = Pick<End, 'results' | 'finding' | 'sqlError' | 'statements' | 'locks' | 'hints'> & { timings?: End['timings'] }

/**
 * An exercise kind on the examiner's side (worker/kinds/ has the other side). A fault of the exercise itself is thrown,
 * as InvalidInput where the file is known; the learner's failures are values.
 */
export type ExaminerKind<M extends Manifest = Manifest> = {
  /** Lists the exercise's tests without running any: the denominator. */
  collect(exercise: Laid<M>): Promise<TestFact[]>
  /**
   * Does everything that can be done before the learner's text is near: loads tests, makes roles and databases.
   * Returns what then grades a submission, running what the plan says, in its order; it is called once.
   */
  prepare(context: GradeContext<M>): Promise<(submission: FileMap, plan: TestPlan, watch: Watch) => Promise<Graded>>
  /**
   * For `assay check` alone: looks for wrong solutions that the exercise lets pass. `samples` are texts of its author's.
   * Undefined where it can't.
   */
  tryMutants?(context: GradeContext<M>, samples: SampleTexts, onNews: (words: string) => void): Promise<MutantCheck | undefined>
}
