import type { SelectStmt } from 'libpg-query'
import { printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf } from './tree.ts'

/** How many rows are taken, and what becomes of those that tie with the last. */
export const LIMITS: Family = {
  SelectStmt(select) {
    const { limitCount, limitOffset, limitOption, ...rest } = select
    const withTies = limitOption === 'LIMIT_OPTION_WITH_TIES'
    const change = (rule: Change['rule'], words: string, by: SelectStmt, near = limitCount): Change => ({
      rule,
      words,
      old: select,
      by,
      at: locationOf(near) ?? 0,
    })
    const ties = withTies
      ? change('limit-ties', 'without WITH TIES', { ...select, limitOption: 'LIMIT_OPTION_COUNT' })
      : change('limit-ties', 'WITH TIES', { ...select, limitOption: 'LIMIT_OPTION_WITH_TIES' })
    const withOffset: SelectStmt = limitOffset
      ? { limitOffset, limitOption: 'LIMIT_OPTION_COUNT' }
      : { limitOption: 'LIMIT_OPTION_DEFAULT' }
    const withCount: SelectStmt = limitCount ? { limitCount, ...(limitOption && { limitOption }) } : { limitOption: 'LIMIT_OPTION_DEFAULT' }
    return [
      // The grammar takes WITH TIES only where rows are sorted.
      ...(limitCount && select.sortClause ? [ties] : []),
      ...(limitCount ? [change('limit-dropped', `without LIMIT ${printed(limitCount)}`, { ...rest, ...withOffset })] : []),
      ...(limitOffset ? [change('limit-dropped', `without OFFSET ${printed(limitOffset)}`, { ...rest, ...withCount }, limitOffset)] : []),
    ]
  },
}
