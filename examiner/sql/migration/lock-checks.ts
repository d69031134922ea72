import { keepsWaiting, type HeldLock, type LockMode } from '../../../core/locks.ts'
import { TestFailure } from '../../test-failure.ts'
import { MOST_KEPT } from './lock-observer.ts'
import type { Migration } from './migration-fixture.ts'
import type { MigrationState } from './migration-state.ts'
import type { PreparedMigration } from './prepare-migration.ts'
import { clip } from '../shown.ts'

/** What a test can ask of the locks that the learner's files took. `up` brings the database to the new schema first. */
export function lockChecks(
  state: MigrationState,
  prepared: PreparedMigration,
  up: () => Promise<void>,
): Pick<Migration, 'locks' | 'expectNoLock'> {
  const of = (object: string, way: 'up' | 'down' = 'up'): readonly HeldLock[] => {
    const known = [...prepared.old, ...prepared.wanted].some(entry => entry.object === `table ${object}`)
    if (!known && !/^(index|sequence|view|materialized view) /.test(object)) {
      throw new Error(`The exercise has no table "${object}" whose locks could be asked for.`)
    }
    return state.lastRun(way).locks.filter(lock => lock.object === object)
  }
  return {
    locks: { all: ({ way = 'up' } = {}) => state.lastRun(way).locks, on: (object, { way } = {}) => of(object, way) },
    expectNoLock: async (table, modes, { way = 'up', whileOthersRun = false } = {}) => {
      if (way === 'up') await up()
      const found = of(table, way).filter(
        ({ mode, statement, lastStatement }) => modes.includes(mode) && (!whileOthersRun || lastStatement > statement),
      )
      if (found.length > 0)
        throw new TestFailure(
          found
            .slice(0, 5)
            .map(lock => forbidden(lock, state, way))
            .join('\n'),
        )
      if (state.lastRun(way).locks.length >= MOST_KEPT) throw new TestFailure('The migration took more locks than can be looked through.')
    },
  }
}

function forbidden(lock: HeldLock, state: MigrationState, way: 'up' | 'down'): string {
  const { file, statement, lastStatement, object, mode } = lock
  const through = lastStatement > statement ? ` and kept it while statement ${listOf(statement + 1, lastStatement)} ran` : ''
  const waiting = keepsWaiting(mode)
  const consequence = waiting && ` Meanwhile ${waiting} of ${object} have to wait.`
  return `${file}, statement ${statement} took ${article(mode)} ${mode} on ${object}${through}.${consequence}\n  ${textOf(lock, state, way)}`
}

function textOf({ file, statement }: HeldLock, state: MigrationState, way: 'up' | 'down'): string {
  const run = state.lastRun(way).statements.find(each => each.file === file && each.number === statement)
  return clip((run?.text ?? '').replaceAll(/\s+/g, ' '), 200)
}

function listOf(from: number, to: number): string {
  return from === to ? String(from) : `${from} to ${to}`
}

function article(mode: LockMode): string {
  return /^[AE]/.test(mode) ? 'an' : 'a'
}
