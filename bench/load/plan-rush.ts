import { createChance, type Chance } from '../growth/chance.ts'

/** One submission of a rush: when, by whom, and a number from 0 up to 1 by which what is handed in is chosen. */
export type Planned = { atMs: number; owner: string; group: string; draw: number; flood: boolean }

export type RushShape = {
  seed: number
  submissions: number
  owners: number
  windowMs: number
  /** Who hands in how much on top, at once, and when. The rest of the rush is the same with and without it. */
  flood?: { owner: string; submissions: number; atMs: number } | { group: string; submissions: number; atMs: number }
}

/** Three courses of unequal size: what part of the owners each has. */
export const GROUPS = { 'course-a': 0.75, 'course-b': 0.2, 'course-c': 0.05 } as const
export type GroupName = keyof typeof GROUPS

/** Owners by group: at least two in each, so that nobody is alone in a course. */
export function ownersOf(owners: number): Record<GroupName, string[]> {
  const small = Math.max(2, Math.round(owners * GROUPS['course-c']))
  const middle = Math.max(2, Math.round(owners * GROUPS['course-b']))
  const sizes = { 'course-a': Math.max(2, owners - middle - small), 'course-b': middle, 'course-c': small }
  const named = (group: GroupName) => Array.from({ length: sizes[group] }, (_, n) => `${group}-learner-${n + 1}`)
  return { 'course-a': named('course-a'), 'course-b': named('course-b'), 'course-c': named('course-c') }
}

/**
 * A rush before a deadline: more and more hand in the nearer it comes, everybody once and some often. The same seed plans
 * the same rush.
 */
export function planRush({ seed, submissions, owners, windowMs, flood }: RushShape): Planned[] {
  const groups = ownersOf(owners)
  const all = Object.entries(groups).flatMap(([group, names]) => names.map(owner => ({ owner, group })))
  const chance = createChance(seed)
  const planned: Planned[] = Array.from({ length: submissions }, (_, n) => {
    const who = n < all.length ? all[n]! : all[chance.below(all.length)]!
    return { ...who, atMs: Math.round(windowMs * Math.sqrt(chance.next())), draw: chance.next(), flood: false }
  })
  if (flood) planned.push(...planFlood(flood, groups, createChance(seed + 1)))
  return planned.toSorted((one, other) => one.atMs - other.atMs)
}

function planFlood(flood: NonNullable<RushShape['flood']>, groups: Record<string, string[]>, chance: Chance): Planned[] {
  const group = 'group' in flood ? flood.group : Object.keys(groups).find(name => groups[name]!.includes(flood.owner))!
  const flooders = 'owner' in flood ? [flood.owner] : groups[group]!
  return Array.from({ length: flood.submissions }, (_, n) => ({
    owner: flooders[n % flooders.length]!,
    group,
    atMs: flood.atMs,
    draw: chance.next(),
    flood: true,
  }))
}
