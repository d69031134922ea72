import type { Attack } from './attack.ts'

/** Which of the three thirds of the corpus is today's: over three days all of them come by. */
export function todaysThird(now = Date.now()): number {
  return Math.floor(now / 86_400_000) % 3
}

/** Every third attack, beginning with the first, second or third (0 to 2). */
export function third<A extends Attack>(attacks: readonly A[], which: number): A[] {
  return attacks.filter((_, index) => index % 3 === which)
}

export type Choice = { only?: readonly number[]; section?: number; third?: number }

/** The attacks that were asked for: by their numbers, by section, a third of them, or all. */
export function choose(attacks: readonly Attack[], { only, section, third: which }: Choice): Attack[] {
  const chosen = attacks.filter(
    attack => (only === undefined || only.includes(attack.number)) && (section === undefined || attack.section === section),
  )
  return which === undefined ? chosen : third(chosen, which)
}
