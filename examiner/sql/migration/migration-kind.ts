import type { MigrationManifest } from '../../../core/exercise.ts'
import type { TestResult } from '../../../core/report.ts'
import type { ExaminerKind, TestPlan } from '../../kind.ts'
import { collectTests, loadTests } from '../../load-tests.ts'
import { runTests } from '../../run-tests.ts'
import { knownWords } from '../words/known-words.ts'
import { migrationFixtures } from './migration-fixtures.ts'
import { MigrationState } from './migration-state.ts'
import { parseSql } from '../parse.ts'
import { prepareMigration } from './prepare-migration.ts'
import { readSteps } from '../split.ts'

/** Migrations: tests in code, run against a database that the learner's steps change and change back. */
export const migrationKind: ExaminerKind<MigrationManifest> = {
  collect: collectTests,

  prepare: async context => {
    const { manifest, files, pod, seed } = context
    const loaded = await loadTests(context)
    // Loads the parser: the learner's text shall not wait for it.
    await parseSql('SELECT 1')
    const { hazardsOf } = await import('./hazards.ts')
    const prepared = await prepareMigration(pod.openDb, manifest, files, seed)
    return async (submission, plan, watch) => {
      const steps = await readSteps(submission)
      if ('refused' in steps) {
        const { refused, sqlError } = steps
        return { results: notRun(plan), finding: { outcome: 'invalid_submission', ...refused }, ...(sqlError && { sqlError }) }
      }
      // Beside the tests, so that nobody waits for it.
      const hazards = hazardsOf(steps, submission)
      const { statement } = manifest.limits
      // Names that the learner may read in the server's words: their own, and the exercise's.
      const known = knownWords(...Object.values(submission), files[manifest.schema] ?? '', files[manifest.wanted] ?? '')
      const state = new MigrationState(prepared, steps, statement, known)
      const results = await runTests({
        ...context,
        plan,
        loaded,
        isolation: manifest.isolation,
        watch,
        source: {
          fresh: () => state.reset(),
          open: (_fact, signal) => {
            const { migration, db, settled } = migrationFixtures(prepared, state, statement, signal)
            return { fixtures: { migration, db, seed, signal }, close: settled }
          },
          ended: () => state.ended,
        },
      })
      const { finding, sqlError, statements, locks } = state
      const hints = await hazards
      return {
        results,
        statements,
        locks,
        ...(hints.length > 0 && { hints }),
        ...(finding && { finding }),
        ...(sqlError && { sqlError }),
      }
    }
  },
}

function notRun(plan: TestPlan): TestResult[] {
  return plan.flatMap(({ tests }) => tests.map(id => ({ id, status: 'not_run' as const, durationMs: 0 })))
}
