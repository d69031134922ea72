import type { StatementRun } from '../../../core/report.ts'
import { topLevelTokens } from '../tokens.ts'

/** Where a run of `up` is killed: at a statement, and of one that commits on its way after a part of the time that it took undisturbed. */
export type KillPlace = { run: StatementRun; how: 'executed' | 'while it waits' | 'on its way'; part: number }

const MOST_STATEMENTS = 30
/** After this the places that leave nothing behind are left out: on a busy machine a right migration shall not be out of time for being looked at so closely. */
const MOST_MS = 15_000
/** More of a try than a right migration of few rows takes on a machine ten times too busy. */
const SLOW_TRY_MS = 3_000
/** The first is tried at every statement before the others are. */
const PARTS = [1 / 2, 1 / 4, 3 / 4] as const
const CONTROL = /^(begin|start|commit|end|rollback|abort|savepoint|release)\b/i

/**
 * All places of a run, and those that are tried: of many statements some, evenly chosen. First come those that commit on their way,
 * then others that commit by themselves: whatever is killed in a transaction leaves nothing.
 */
export function killPlaces(statements: readonly StatementRun[]): { all: KillPlace[]; tried: KillPlace[] } {
  // Whoever is killed right at COMMIT is killed before it, with the statement that came last, or with the next one.
  const own = statements.filter(run => !CONTROL.test(run.text))
  const every = Math.max(1, Math.ceil(own.length / MOST_STATEMENTS))
  return { all: placesOf(own), tried: placesOf(own.filter((_, index) => index % every === 0 || index === own.length - 1)) }
}

function placesOf(statements: readonly StatementRun[]): KillPlace[] {
  const places = statements.flatMap(run => {
    const how = run.inTransaction ? 'executed' : howKilled(run.text)
    return (how === 'on its way' ? PARTS : [1]).map(part => ({ run, how, part }))
  })
  const rank = ({ run, how, part }: KillPlace) =>
    how === 'executed' ? (run.inTransaction ? 3 : 2) : Number(how === 'on its way' && part !== PARTS[0])
  return places.toSorted((one, other) => rank(one) - rank(other))
}

/** Told by the words of the statement itself, not by those in a comment or a block. */
function howKilled(statement: string): KillPlace['how'] {
  const words = topLevelTokens(statement).map(({ word }) => word)
  if (words[0] === 'DO' || words[0] === 'CALL') return 'on its way'
  return words.includes('CONCURRENTLY') ? 'while it waits' : 'executed'
}

/**
 * Whether one more try may begin, `spentMs` after the first, when the learner's files have run for `theirsMs` in `tries`. Nobody gets
 * out of being killed where that leaves something behind by being slow: where they are, it goes on until the test's time is over.
 */
export function mayBeTried(
  { run }: KillPlace,
  { spentMs, theirsMs, tries }: { spentMs: number; theirsMs: number; tries: number },
): boolean {
  return spentMs <= MOST_MS || (!run.inTransaction && theirsMs > tries * SLOW_TRY_MS)
}

/** What a passed test says of the places where nobody was killed. */
export function untriedWords(killed: number, all: number): string | undefined {
  if (killed >= all) return undefined
  return `up was killed at ${killed} of the ${all} places where it can be; nothing is known of the others. At most ${MOST_STATEMENTS} statements are tried, for ${MOST_MS / 1000} s.`
}
