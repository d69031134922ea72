import type { JoinType } from 'libpg-query'
import { printed } from './print.ts'
import type { Family } from './rule.ts'
import { locationOf } from './tree.ts'

const OTHERS: Partial<Record<JoinType, readonly JoinType[]>> = {
  JOIN_INNER: ['JOIN_LEFT', 'JOIN_RIGHT'],
  JOIN_LEFT: ['JOIN_INNER'],
  JOIN_RIGHT: ['JOIN_INNER'],
  JOIN_FULL: ['JOIN_LEFT', 'JOIN_RIGHT'],
}

const WORDS: Partial<Record<JoinType, string>> = {
  JOIN_INNER: 'JOIN',
  JOIN_LEFT: 'LEFT JOIN',
  JOIN_RIGHT: 'RIGHT JOIN',
  JOIN_FULL: 'FULL JOIN',
}

/** Rows without a partner, kept or lost. */
export const JOINS: Family = {
  JoinExpr(join) {
    // CROSS JOIN is an inner one without a condition: nothing can go unmatched.
    if (!join.quals && !join.usingClause && !join.isNatural) return []
    return (OTHERS[join.jointype!] ?? []).map(jointype => ({
      rule: 'join-kind',
      words: `${WORDS[jointype]} instead of ${WORDS[join.jointype!]} with ${printed(join.rarg)}`,
      old: join,
      by: { ...join, jointype },
      at: locationOf(join.rarg) ?? 0,
    }))
  },
}
