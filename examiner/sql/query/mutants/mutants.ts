import type { Node } from 'libpg-query'
import { characters, parseSql, withoutMark } from '../../parse.ts'
import { AGGREGATES } from './aggregates.ts'
import { COMPARISONS } from './comparisons.ts'
import { CONDITIONS } from './conditions.ts'
import { CONSTANTS } from './constants.ts'
import { DUPLICATES } from './duplicates.ts'
import { EXPRESSIONS } from './expressions.ts'
import { GROUPING } from './grouping.ts'
import { JOINS } from './joins.ts'
import { LIMITS } from './limits.ts'
import { MOVED_CONDITIONS } from './moved-conditions.ts'
import { NOT_IN } from './not-in.ts'
import { NULLS } from './nulls.ts'
import { ORDER } from './order.ts'
import { fingerprint, printStatement } from './print.ts'
import type { Change, Family } from './rule.ts'
import { placesOf, swapped } from './tree.ts'
import { WINDOWS } from './windows.ts'

/*
 * Wrong queries made from a right one: each mutant is the statement with one slip that people make. A family of slips is a
 * file beside this one, which looks at a node of the parse tree and says what could stand there instead.
 *
 * A mutant's text comes from a deparser, and counts only if PostgreSQL's grammar reads it as the very tree that was meant:
 * what the deparser can't write is left out, never written wrong (docs/decisions/0019).
 */
export const MUTATION_RULES = [
  'join-kind',
  'on-moved-to-where',
  'where-moved-to-on',
  'conjunct-dropped',
  'disjunct-dropped',
  'brackets-dropped',
  'comparison-bound',
  'constant-boundary',
  'constant-elsewhere',
  'list-shortened',
  'null-handling',
  'not-in',
  'nulls-order',
  'distinct-dropped',
  'distinct-added',
  'union-all',
  'count-star',
  'aggregate-swap',
  'cast-dropped',
  'case-branch-dropped',
  'group-by-column',
  'window-frame',
  'window-partition',
  'ranking-swap',
  'order-dropped',
  'order-reversed',
  'limit-ties',
  'limit-dropped',
] as const
export type MutationRule = (typeof MUTATION_RULES)[number]

export type Mutant = {
  rule: MutationRule
  /** The whole statement, on one line, without its comments. */
  text: string
  /** Where in the text that was given the difference lies: 1-based, in characters (code points, as PostgreSQL counts). */
  position: number
  /** One clause, such as "`<` instead of `<=` in due <= now()". */
  words: string
}

const FAMILIES: readonly Family[] = [
  JOINS,
  MOVED_CONDITIONS,
  CONDITIONS,
  COMPARISONS,
  CONSTANTS,
  NULLS,
  NOT_IN,
  DUPLICATES,
  AGGREGATES,
  EXPRESSIONS,
  GROUPING,
  WINDOWS,
  ORDER,
  LIMITS,
]

/**
 * The mutants of one statement, the same ones in the same order for the same text, sorted by position; no two of them, and none
 * and the statement itself, have the same tree. Where there are more than `most`, each rule keeps about as many as another.
 * Empty for what isn't one readable statement.
 */
export async function mutantsOf(text: string, most = 120): Promise<Mutant[]> {
  const source = withoutMark(text)
  const parsed = await parseSql(source)
  if (parsed.fault || parsed.statements.length !== 1) return []
  const { kind, node } = parsed.statements[0]!
  const tree = { [kind]: node } as unknown as Node
  const bytes = Buffer.from(source)
  const positionOf = (at: number) => characters(bytes.subarray(0, at).toString()) + 1
  const seen = new Set([fingerprint(tree)])
  const found: Mutant[] = []
  for (const { at, ...change } of inTurn(changesOf(tree))) {
    if (found.length >= most) break
    const mutated = swapped(tree, change.old, change.by)
    const form = fingerprint(mutated)
    if (seen.has(form)) continue
    seen.add(form)
    const written = await printStatement(mutated, form)
    if (written !== undefined) found.push({ rule: change.rule, text: written, position: positionOf(at), words: change.words })
  }
  return found.sort((a, b) => a.position - b.position || MUTATION_RULES.indexOf(a.rule) - MUTATION_RULES.indexOf(b.rule))
}

type PlacedChange = Change & { at: number }

function changesOf(tree: Node): PlacedChange[] {
  const places = [...placesOf(tree)]
  return FAMILIES.flatMap(family =>
    places.flatMap(place => {
      const rule = family[place.kind] as ((node: object, at: typeof place) => Change[]) | undefined
      return (rule?.(place.node, place) ?? []).map(change => ({ ...change, at: change.at ?? place.location }))
    }),
  )
}

/** The first of every rule, then the second of every rule, and so on: a bound then cuts no rule off whole. */
function inTurn(changes: readonly PlacedChange[]): PlacedChange[] {
  const byRule = MUTATION_RULES.map(rule => changes.filter(change => change.rule === rule))
  const longest = Math.max(0, ...byRule.map(list => list.length))
  return Array.from({ length: longest }, (_, turn) => byRule.flatMap(list => list[turn] ?? [])).flat()
}
