import type { QueryManifest } from '../../core/exercise.ts'
import type { WorkerKind } from './kind.ts'

/** One SQL statement, run by the examiner against every data set. */
export const query: WorkerKind<QueryManifest> = {
  plan: () => ({ database: true }),

  check(_manifest, _runtime, files) {
    const paths = Object.keys(files)
    return paths.length === 1 ? [] : [{ file: 'files', message: `expected exactly one file with the statement, got ${paths.length}` }]
  },
}
