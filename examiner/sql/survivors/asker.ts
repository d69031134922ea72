import type { Client } from 'pg'
import type { QueryManifest } from '../../../core/exercise.ts'
import { compareRows, type Expected } from '../compare.ts'
import { askReading } from '../learner-session.ts'
import type { PreparedQuery } from '../prepare-query.ts'
import { becomeLearner } from '../reference-answer.ts'
import { SUPERUSER } from '../roles.ts'
import type { RunResult } from '../run-statement.ts'
import { closeSession, openSession } from '../server.ts'

/** Asks one database after another question as a learner's statement would be; only for texts of the exercise's own. */
export type Asker = AsyncDisposable & {
  ask: (text: string) => Promise<RunResult>
  /** Something else with its session, which it leaves without a transaction. */
  use: <T>(work: (session: Client) => Promise<T>) => Promise<T>
}

/** One session serves as long as it lasts: a statement that takes too long, or gives too much, ends it. */
export function askerIn({ connect, killer }: Pick<PreparedQuery, 'connect' | 'killer'>, database: string, manifest: QueryManifest): Asker {
  let session: Client | undefined
  const use: Asker['use'] = async work => {
    if (session?.connection.stream.destroyed) session = undefined
    if (!session) {
      session = await openSession(connect, SUPERUSER, database)
      await becomeLearner(session)
    }
    const result = await work(session)
    if (!session.connection.stream.destroyed) await session.query('ROLLBACK')
    return result
  }
  return {
    use,
    ask: text => use(session => askReading(session, text, manifest, killer)),
    [Symbol.asyncDispose]: async () => {
      if (session) await closeSession(session)
    },
  }
}

/** The meaning was refused before a row was read: an unknown column, one that is not grouped by. */
const NO_QUERY = /^42/

/** What came of a mutant beside the reference's rows, as a grading would see it. */
export function verdictOn(run: RunResult, expected: Expected, manifest: QueryManifest): 'same' | 'differs' | 'slow' | 'no query' {
  if (run.type === 'error') return NO_QUERY.test(run.error.code ?? '') ? 'no query' : 'differs'
  if (run.type === 'timed_out') return 'slow'
  if (run.type !== 'rows') return 'differs'
  return compareRows(expected, run, manifest.comparison) ? 'differs' : 'same'
}
