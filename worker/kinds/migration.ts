import type { MigrationManifest } from '../../core/exercise.ts'
import type { WorkerKind } from './kind.ts'

/** Ordered SQL steps, run by the examiner statement by statement on a database at the old schema. */
export const migration: WorkerKind<MigrationManifest> = {
  plan: () => ({ database: true }),

  check(_manifest, _runtime, files) {
    const isUp = (path: string) => path === 'up.sql' || /^steps\/.+\.up\.sql$/.test(path)
    return Object.keys(files).some(isUp) ? [] : [{ file: 'files', message: 'expected up.sql or steps/NN-name.up.sql, got neither' }]
  },
}
