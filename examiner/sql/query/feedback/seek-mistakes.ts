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
import { isTrueOf, kindOfRule, mistakeOf } from './mistake-words.ts'
import { hasOuterCondition } from './outer-condition.ts'

/*
 * Which mistake a wrong answer shows. First by its rows alone; then slips are made in the reference, one by one, and those are
 * looked at which give exactly the learner's rows. Told is only what is the one explanation of all answers that were wrong.
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

/** What every cell shows by itself. All else must explain all wrong answers: few rows look like many a slip. */
const IN_CELLS: ReadonlySet<MistakeKind> = new Set(['null-for-zero', 'zero-for-null', 'rounding', 'letters'])

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
    const byRows = new Map<string, MistakeKind>()
    const kinds = new Map<string, Set<MistakeKind>>()
    const began = now()
    for (const answer of answers) {
      if (now() - began > allMs) return found
      const kind = mistakeByRows(answer.expected, answer.actual, manifest.comparison)
      if (kind) byRows.set(answer.id, kind)
      if (!kind || !IN_CELLS.has(kind)) continue
      found.set(answer.id, mistakeOf(kind))
      kinds.set(answer.id, new Set([kind]))
    }
    const open = answers.filter(({ id }) => !kinds.has(id))
    if (open.length === 0) return found
    // Loaded when needed: most answers are right.
    const { mutantsOf } = await import('../mutants/mutants.ts')
    const mutants = await mutantsOf(reference, MOST_MUTANTS)
    let all = true
    for (const answer of open) {
      const slips = await kindsOf(prepared, manifest, answer, mutants, { late, oneMs })
      all &&= slips !== undefined
      const shown = byRows.get(answer.id)
      kinds.set(answer.id, new Set([...likely(slips ?? new Set(), statement), ...(shown ? [shown] : [])]))
    }
    const [first, ...others] = kinds.values()
    const ofAll = [...(first ?? [])].filter(kind => others.every(each => each.has(kind)))
    for (const { id, difference } of open) {
      const shown = byRows.get(id)
      // What the rows show by themselves needs no other slip to be ruled out.
      const told = all && ofAll.length === 1 ? ofAll[0] : shown && ofAll.includes(shown) ? shown : undefined
      if (told && isTrueOf(told, difference)) found.set(id, mistakeOf(told))
    }
  } catch {
    // A server that can't do this any more: the verdict stands.
  }
  return found
}

/** The mistakes whose mutants give this answer; undefined where time didn't do to know them all. */
async function kindsOf(
  prepared: PreparedQuery,
  manifest: QueryManifest,
  { database, actual, difference }: WrongAnswer,
  mutants: readonly Mutant[],
  { late, oneMs }: { late: AbortSignal; oneMs: number },
): Promise<Set<MistakeKind> | undefined> {
  const kinds = new Set<MistakeKind>()
  const fitting = mutants.filter(({ rule }) => ORDERING.has(rule) === difference.wrongOrder)
  if (late.aborted) return undefined
  if (fitting.length === 0) return kinds
  const unknown = new Set<MistakeKind>()
  const [opened] = await openDatasets(prepared, [database], manifest)
  using session = opened!
  // No row at all, or nothing but NULL and 0, comes of too many slips; of one it is typical.
  const nothing = actual.rows.every(row => row.every(cell => cell === null || Number(cell) === 0))
  const rules = { ...manifest.comparison, order: difference.wrongOrder ? 'ordered' : 'unordered' } as const
  for (const { rule, text } of fitting) {
    const kind = kindOfRule(rule, difference)
    if (late.aborted) return undefined
    if (!kind || kinds.has(kind) || (nothing && kind !== 'not-in-nulls')) continue
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
    if (run.type === 'too_large' || run.type === 'lost' || (run.type === 'timed_out' && run.by === 'test')) return undefined
    if (run.type === 'timed_out') unknown.add(kind)
    if (run.type === 'rows' && run.rows.length === actual.rows.length && !compareRows(run, actual, rules)) kinds.add(kind)
  }
  return unknown.isSubsetOf(kinds) ? kinds : undefined
}

/**
 * The learner's own text tells which slips it can't have: no window function, no join, no NOT IN. And where two give the same rows, which
 * of them it can: an outer join with a condition on its optional side in WHERE gives the rows of an inner join; NOT IN over a NULL gives
 * none, as many a slip does.
 */
function likely(kinds: Set<MistakeKind>, statement: string): Set<MistakeKind> {
  const text = statement.replaceAll(/--[^\n]*|\/\*.*?\*\//gs, ' ')
  const hasNotIn = /\bnot\s+in\s*\(/i.test(text)
  if (kinds.has('not-in-nulls') && hasNotIn) return new Set(['not-in-nulls'])
  const left = new Set(kinds)
  if (!hasNotIn) left.delete('not-in-nulls')
  if (!/\bover\b/i.test(text)) left.delete('window')
  if (!/\bjoin\b|\bfrom\b[^()]*,/i.test(text)) for (const kind of JOINED) left.delete(kind)
  // An inner join can't be to blame where there are outer ones only, nor a condition in WHERE where there is none.
  const joins = text.match(/(?:\b\w+\s+)?\bjoin\b/gi) ?? []
  const outer = joins.filter(join => /^(?:left|right|full|outer)\b/i.test(join)).length
  if (outer === 0 || !/\bwhere\b/i.test(text)) left.delete('outer-condition-in-where')
  else if (left.delete('join-loses-rows') && outer === joins.length) {
    // Such a condition gives an inner join's rows; where none is seen, another slip that happens to give them is no better.
    return new Set(hasOuterCondition(statement) ? left.add('outer-condition-in-where') : [])
  }
  return left
}

/** What only a join can do. */
const JOINED: readonly MistakeKind[] = ['join-loses-rows', 'join-keeps-rows', 'outer-condition-in-where', 'outer-condition-in-on']

/** The right rows in the wrong order come of these alone; and these alone change nothing but the order. */
const ORDERING: ReadonlySet<string> = new Set(['order-dropped', 'order-reversed', 'nulls-order'])
