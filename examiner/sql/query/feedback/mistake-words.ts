import type { Mistake, MistakeKind } from '../../../../core/mistake.ts'
import type { RowsDifference } from '../../../../core/report.ts'
import type { MutationRule } from '../mutants/mutants.ts'

export function mistakeOf(kind: MistakeKind): Mistake {
  return { kind, words: WORDS[kind] }
}

/** Which mistake a mutant stands for that gives the learner's rows, if any; some say another thing of rows that are lost than of rows too many. */
export function kindOfRule(rule: MutationRule, { missing, extra }: Pick<RowsDifference, 'missing' | 'extra'>): MistakeKind | undefined {
  const kind = KINDS[rule]
  return typeof kind !== 'object' ? kind : missing.count >= extra.count ? kind.lost : kind.kept
}

/**
 * Whether a mistake's words hold for these rows. Without a condition inside NOT IN or NOT EXISTS rows are lost: a slip that explains them
 * as well as another does, but nobody would know it by what is said of it.
 */
export function isTrueOf(kind: MistakeKind, { missing, extra }: Pick<RowsDifference, 'missing' | 'extra'>): boolean {
  return kind !== 'condition-missing' || extra.count >= missing.count
}

const KINDS: Record<MutationRule, MistakeKind | undefined | { lost: MistakeKind; kept: MistakeKind }> = {
  'join-kind': { lost: 'join-loses-rows', kept: 'join-keeps-rows' },
  'on-moved-to-where': 'outer-condition-in-where',
  'where-moved-to-on': 'outer-condition-in-on',
  'conjunct-dropped': 'condition-missing',
  'disjunct-dropped': 'case-missing',
  'brackets-dropped': 'brackets-missing',
  'comparison-bound': 'off-by-one',
  'constant-boundary': 'off-by-one',
  // Nobody is helped by hearing that a number is another one.
  'constant-elsewhere': undefined,
  'list-shortened': 'case-missing',
  'null-handling': 'nulls',
  'not-in': 'not-in-nulls',
  'nulls-order': 'nulls-order',
  'distinct-dropped': 'duplicates',
  'distinct-added': 'duplicates-lost',
  'union-all': { lost: 'duplicates-lost', kept: 'duplicates' },
  'count-star': 'count',
  'aggregate-swap': 'aggregate',
  'cast-dropped': 'rounding',
  'case-branch-dropped': 'case-missing',
  'group-by-column': 'grouping',
  'window-frame': 'window',
  'window-partition': 'window',
  'ranking-swap': 'window',
  'order-dropped': 'order',
  'order-reversed': 'order',
  'limit-ties': 'limit',
  'limit-dropped': 'limit',
}

const WORDS: Record<MistakeKind, string> = {
  duplicates:
    'Some rows come more than once, or are counted more than once: look for a join that finds several partners, and for a missing DISTINCT.',
  'duplicates-lost': 'Rows that are equal are there once only, or counted once: DISTINCT, UNION or a GROUP BY took away rows of their own.',
  'join-loses-rows': 'Rows without a partner are lost in a join: an inner join drops them, an outer join keeps them.',
  'join-keeps-rows': 'A join keeps rows that have no partner: an outer join does, an inner join would not.',
  'outer-condition-in-where':
    'A condition on the optional side of an outer join drops the rows that found no partner: in WHERE it sees NULLs there; in ON it would keep them.',
  'outer-condition-in-on':
    'A condition in the ON of an outer join only takes partners away; to take the rows themselves away it has to stand in WHERE.',
  'condition-missing': 'A condition of the task is missing: rows are taken that it leaves out.',
  'case-missing': 'One of several cases of the task is missing: what holds for that one alone is left out.',
  'brackets-missing': 'AND binds more tightly than OR: brackets around the alternatives are missing.',
  'off-by-one':
    'A bound is off by one: look whether the value at the very edge belongs to the answer (`<` or `<=`, the first or the last).',
  nulls: 'Rows with NULL are treated otherwise than asked: a comparison with NULL is neither true nor false, so WHERE drops the row.',
  'not-in-nulls': 'NOT IN is never true once its list has a NULL in it: leave NULLs out of the list, or use NOT EXISTS.',
  'null-for-zero': 'There is NULL where 0 is asked for: sum() and the like give NULL over no rows; coalesce(…, 0) makes it 0.',
  'zero-for-null': 'There is 0 where NULL is asked for: what is not known is not 0.',
  count:
    'What is counted is another thing: count(*) counts rows, also those of an outer join without a partner; count(column) counts values that are not NULL.',
  aggregate: 'Another aggregate is asked for: sum, avg, min and max over the same values are different things.',
  rounding: 'Decimals are lost: whole numbers divided by whole numbers give a whole number; make one of them numeric before.',
  letters: 'The texts differ in upper and lower case or in blanks around them only.',
  grouping: 'Rows are grouped by other columns than the task asks for: each group is to have one row.',
  window: 'A window function looks at other rows than asked: see its PARTITION BY, its ORDER BY and frame, and how it ranks ties.',
  order: 'The rows are sorted by another key than asked, or in the other direction: ASC is the default, and ties need a second key.',
  'nulls-order':
    'NULLs stand at the other end of the order: they come last with ASC, first with DESC; NULLS FIRST and NULLS LAST say it otherwise.',
  limit: 'Another number of rows is taken at the end: see LIMIT, and whether rows that tie with the last one belong to the answer.',
}
