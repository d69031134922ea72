import type { Client } from 'pg'
import type { QueryManifest } from '../../../../core/exercise.ts'
import { compareRows, type Expected } from '../../comparison/compare.ts'
import { askReading } from '../../learner-session.ts'
import type { PreparedQuery } from '../prepare-query.ts'
import { becomeLearner } from '../reference-answer.ts'
import { SUPERUSER } from '../../roles.ts'
import type { RunResult } from '../../run-statement.ts'
import { closeSession, openSession } from '../../server.ts'

/** Asks one database as a learner's statement would; only for texts of the exercise's own. */
export type Asker = AsyncDisposable & {
  ask: (text: string) => Promise<RunResult>
  /** All at once, on one way there and back: for texts that take no time. Once one is ended by its limit, those after it are lost. */
  askAll: (texts: readonly string[]) => Promise<RunResult[]>
  /** Something else with its session. */
  use: <T>(work: (session: Client) => Promise<T>) => Promise<T>
}

/** One session serves as long as it lasts: a statement that takes too long, or gives too much, ends it. */
export function askerIn({ connect, killer }: Pick<PreparedQuery, 'connect' | 'killer'>, database: string, manifest: QueryManifest): Asker {
  let session: Client | undefined
  const open = async () => {
    if (session && !session.connection.stream.destroyed) return session
    session = await openSession(connect, SUPERUSER, database)
    // Each statement under way listens to the session's end, and counts its bytes.
    session.setMaxListeners(0)
    session.connection.stream.setMaxListeners(0)
    await becomeLearner(session)
    return session
  }
  /** What comes next is answered after it: nobody need wait. */
  const rollBack = (on: Client) => void on.query('ROLLBACK').catch(() => {})
  const askOn = async (on: Client, text: string) => {
    const answer = askReading(on, text, manifest, killer)
    rollBack(on)
    return answer
  }
  return {
    ask: async text => askOn(await open(), text),
    askAll: async texts => {
      const on = await open()
      return Promise.all(texts.map(text => askOn(on, text)))
    },
    use: async work => {
      const on = await open()
      const result = await work(on)
      rollBack(on)
      return result
    },
    [Symbol.asyncDispose]: async () => {
      if (session) await closeSession(session)
    },
  }
}

/** The meaning was refused before a row was read: an unknown column, one that is not grouped by. */
const NO_QUERY = /^42/

/** What came of a statement beside the reference's rows, as a grading would see it; `unknown` where it didn't come to an end. */
export function verdictOn(run: RunResult, expected: Expected, manifest: QueryManifest): 'same' | 'differs' | 'no query' | 'unknown' {
  if (run.type === 'error') return NO_QUERY.test(run.error.code ?? '') ? 'no query' : 'differs'
  if (run.type === 'too_large') return 'differs'
  if (run.type !== 'rows') return 'unknown'
  return compareRows(expected, run, manifest.comparison) ? 'differs' : 'same'
}
