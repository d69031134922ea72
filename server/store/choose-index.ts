import type { SubmissionFilter } from './store.ts'

/** `indexed` are the filters that lead to the rows; by `checked` some of these are passed over. */
export type Choice = { indexed: SubmissionFilter; checked: SubmissionFilter }

/**
 * Which filters of a list lead to its rows. The database itself would choose by what it knows of the columns, which is
 * nothing or an average: with a million submissions it reads half of them to find one owner's accepted ones. An owner's
 * rows are few, unfinished ones are few, and for group, exercise and outcome there is an index for each two of them.
 * Undefined when nothing can match.
 */
export function chooseIndex(filter: SubmissionFilter): Choice | undefined {
  const narrowed = stateAndOutcome(filter)
  if (!narrowed) return undefined
  const { owner, group, slug, state, outcome } = narrowed
  const given = (filters: { [Name in keyof SubmissionFilter]: SubmissionFilter[Name] | undefined }) =>
    Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== undefined)) as SubmissionFilter
  if (owner !== undefined) return { indexed: { owner }, checked: given({ group, slug, state, outcome }) }
  if (state === 'queued' || state === 'running') return { indexed: { state }, checked: given({ group, slug }) }
  if (group === undefined && slug === undefined) return { indexed: given({ state, outcome }), checked: {} }
  // Nearly all of a group's or an exercise's are finished.
  if (state === 'finished') return { indexed: given({ group, slug }), checked: { state } }
  if (group !== undefined && slug !== undefined) return { indexed: { group, slug }, checked: given({ outcome }) }
  return { indexed: given({ group, slug, outcome }), checked: {} }
}

/** An outcome says the state, and `cancelled` is both: one of the two is enough, unless they contradict each other. */
function stateAndOutcome({ state, outcome, ...rest }: SubmissionFilter): SubmissionFilter | undefined {
  if (state === undefined) return { ...rest, ...(outcome && { outcome }) }
  if (state === 'cancelled') return outcome && outcome !== 'cancelled' ? undefined : { ...rest, outcome: 'cancelled' }
  if (outcome === undefined) return { ...rest, state }
  return state === 'finished' && outcome !== 'cancelled' ? { ...rest, outcome } : undefined
}
