import type { QueryManifest } from '../../../core/exercise.ts'
import type { TestFact } from '../../../core/tests-list.ts'
import type { ExaminerKind } from '../../kind.ts'
import { gradeQuery } from './grade-query.ts'
import { WATCHED } from './plan/measure.ts'
import { prepareQuery } from './prepare-query.ts'

/** Queries: one statement on several data sets, each of them a test. */
export const queryKind: ExaminerKind<QueryManifest> = {
  collect: async ({ manifest }) => datasetTests(manifest),

  prepare: async ({ manifest, files, pod, seed }) => {
    const prepared = await prepareQuery(pod.openDb, manifest, files, seed)
    return (submission, plan, watch) => {
      const ids = plan.flatMap(({ tests }) => tests)
      return gradeQuery(prepared, manifest, files, submission, ids, watch)
    }
  },

  tryMutants: async ({ manifest, files, pod, seed }, samples, onNews) => {
    if (manifest.statement !== 'select') return undefined
    // No grading has use for it.
    const { tryMutants } = await import('./survivors/try-mutants.ts')
    return tryMutants({ manifest, files, pod, seed, samples, onNews })
  },
}

/** The tests of a query are its data sets, as exercise.yaml lists them. */
export function datasetTests(manifest: QueryManifest): TestFact[] {
  return manifest.datasets.map(dataset => ({
    id: dataset.id,
    name: dataset.name,
    task: dataset.task,
    points: dataset.points,
    visibility: dataset.visibility,
    feedback: dataset.feedback ?? (dataset.visibility === 'visible' ? 'full' : 'category'),
    // Where its plan is looked at, a right statement is carried out once more.
    timeLimitMs: manifest.limits.statement * (dataset.plan ? 1 + WATCHED : 1),
    file: dataset.file,
    ...(dataset.category !== undefined && { category: dataset.category }),
    ...(dataset.hint !== undefined && { hint: dataset.hint }),
  }))
}
