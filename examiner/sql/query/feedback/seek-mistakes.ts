import type { QueryManifest } from '../../../../core/exercise.ts'
import type { Mistake, MistakeKind } from '../../../../core/mistake.ts'
import type { RowsDifference } from '../../../../core/report.ts'
import { compareRows, type Expected, type RowSet } from '../../comparison/compare.ts'
import { openDatasets } from '../../learner-session.ts'
import { now } from '../../../now.ts'
import type { Mutant } from '../mutants/mutants.ts'
import type { PreparedQuery } from '../prepare-query.ts'
import { runAfter } from '../../run-statement.ts'
import { mistakeByRows } from './by-rows.ts'
import { kindOfRule, mistakeOf } from './mistake-words.ts'

/*
 * Which mistake a wrong answer shows. First by its rows alone; then slips are made in the reference, one by one, and those are
 * looked at which give exactly the learner's rows. Told is only what is the one explanation: of all answers that were wrong, or
 * of this one.
 *
 * The reference's mutants run on the server that the learner's text ran on, so they run when all of that text has ended and
 * will not come back, as the learner's role, in a transaction that can't write. The verdict stands before: whatever goes
 * wrong here, or takes too long, leaves an answer without an explanation.
 */
export type WrongAnswer = { id: string; database: string; expected: Expected; actual: RowSet; difference: RowsDifference }

const MOST_MUTANTS = 40
/** Of all this, and of one mutant. */
const TIME = { allMs: 1_000, oneMs: 200 }
const MOST_ANSWERS = 3
const MOST_ROWS = 2_000
const MOST_CHARACTERS = 500_000
/** Of a cell: comparing long ones again and again would hold this process. */
const LONGEST = 1_000

/** Whether looking for a mistake is worth it: rows that were compared, and few enough to be compared again and again. */
export function canBeExplained({ expected, actual, difference }: Omit<WrongAnswer, 'id' | 'database'>, before: number): boolean {
  const { missing, extra, wrongOrder } = difference
  if (before >= MOST_ANSWERS || (missing.count === 0 && extra.count === 0 && !wrongOrder)) return false
  if (expected.rows.length > MOST_ROWS || actual.rows.length > MOST_ROWS) return false
  if (actual.rows.some(row => row.some(cell => (cell?.length ?? 0) > LONGEST))) return false
  return actual.rows.reduce((sum, row) => sum + row.reduce((length, cell) => length + (cell?.length ?? 4), 0), 0) < MOST_CHARACTERS
}

/** By the ids of the data sets. Empty where nothing can be told; never throws. */
export async function seekMistakes(
  prepared: PreparedQuery,
  manifest: QueryManifest,
  { reference, statement }: { reference: string; statement: string },
  answers: readonly WrongAnswer[],
  { allMs, oneMs } = TIME,
): Promise<Map<string, Mistake>> {
  const late = AbortSignal.timeout(allMs)
  const found = new Map<string, Mistake>()
  try {
    const open: WrongAnswer[] = []
    const began = now()
    for (const answer of answers) {
      if (now() - began > allMs) return found
      const kind = mistakeByRows(answer.expected, answer.actual, manifest.comparison)
      if (kind) found.set(answer.id, mistakeOf(kind))
      else open.push(answer)
    }
    if (open.length === 0) return found
    // Loaded when needed: most answers are right.
    const { mutantsOf } = await import('../mutants/mutants.ts')
    const mutants = await mutantsOf(reference, MOST_MUTANTS)
    const kinds = new Map<string, Set<MistakeKind>>()
    for (const answer of open) kinds.set(answer.id, likely(await kindsOf(prepared, manifest, answer, mutants, { late, oneMs }), statement))
    const [first, ...others] = kinds.values()
    const ofAll = [...(first ?? [])].filter(kind => others.every(each => each.has(kind)))
    for (const [id, own] of kinds) {
      const told = ofAll.length === 1 ? ofAll : [...own]
      if (told.length === 1) found.set(id, mistakeOf(told[0]!))
    }
  } catch {
    // A server that can't do this any more: the verdict stands.
  }
  return found
}

/** The mistakes whose mutants give this answer. */
async function kindsOf(
  prepared: PreparedQuery,
  manifest: QueryManifest,
  { database, actual, difference }: WrongAnswer,
  mutants: readonly Mutant[],
  { late, oneMs }: { late: AbortSignal; oneMs: number },
): Promise<Set<MistakeKind>> {
  const kinds = new Set<MistakeKind>()
  const fitting = mutants.filter(({ rule }) => ORDERING.has(rule) === difference.wrongOrder)
  if (late.aborted || fitting.length === 0) return kinds
  const [opened] = await openDatasets(prepared, [database], manifest)
  using session = opened!
  const rules = { ...manifest.comparison, order: difference.wrongOrder ? 'ordered' : 'unordered' } as const
  for (const { rule, text } of fitting) {
    const kind = kindOfRule(rule, difference)
    if (late.aborted) break
    if (kinds.has(kind)) continue
    // One row more than are wanted tells as much as all of them.
    const asked = `SELECT * FROM (${text}) AS mutant LIMIT ${actual.rows.length + 1}`
    const limits = { timeMs: oneMs, rows: MOST_ROWS + 1, bytes: 4 * MOST_CHARACTERS, signal: late }
    const run = await runAfter(
      session.learner,
      `ROLLBACK; BEGIN READ ONLY; SET LOCAL statement_timeout = ${oneMs}`,
      asked,
      limits,
      prepared.killer,
    )
    if (run.type === 'too_large' || run.type === 'lost' || (run.type === 'timed_out' && run.by === 'test')) break
    if (run.type === 'rows' && run.rows.length === actual.rows.length && !compareRows(run, actual, rules)) kinds.add(kind)
  }
  return kinds
}

/**
 * Where two slips give the same rows always, or mostly, the learner's own text tells which of them it can have been. An outer join
 * with a condition on its optional side in WHERE gives the rows of an inner join; NOT IN over a NULL gives none, as many a slip does.
 */
function likely(kinds: Set<MistakeKind>, statement: string): Set<MistakeKind> {
  const hasOuterJoin = /\b(left|right|full)\s+(outer\s+)?join\b/i.test(statement)
  const hasNotIn = /\bnot\s+in\s*\(/i.test(statement)
  if (kinds.has('not-in-nulls') && hasNotIn) return new Set(['not-in-nulls'])
  const left = new Set(kinds)
  if (!hasNotIn) left.delete('not-in-nulls')
  if (kinds.has('join-loses-rows') && kinds.has('outer-condition-in-where'))
    left.delete(hasOuterJoin ? 'join-loses-rows' : 'outer-condition-in-where')
  return left
}

/** The right rows in the wrong order come of these alone; and these alone change nothing but the order. */
const ORDERING: ReadonlySet<string> = new Set(['order-dropped', 'order-reversed', 'nulls-order'])
