import type { Random } from '../../authoring/seeded-random.ts'

/** Two values made of the same characters; in the first the condition holds, in the second not. Safely handled, both mean nothing. */
export type Pair = {
  /** `answer`: any difference counts. `error`: only a 5xx to the second that the first doesn't have. */
  by: 'answer' | 'error'
  make: (value: string, random: Random) => readonly [holds: string, fails: string]
}

/** PostgreSQL works constants out beforehand: a division by zero in a branch that is never taken does no harm. */
const unless = (condition: string, otherwise: string) => `(CASE WHEN ${condition} THEN ${otherwise} END)`
const textOr = (condition: string) => unless(condition, `'' ELSE (1/0)::text`)
const numberOr = (condition: string, number: 0 | 1) => unless(condition, `${number} ELSE 1/0`)

export const PAIRS: readonly Pair[] = [
  // In a text: alone, in LIKE, in a VALUES list, within brackets.
  texts((value, condition) => `${value}'||${textOr(condition)}||'`),
  texts((value, condition) => `${value}' AND ${condition.slice(0, -1)}`),
  texts((_, condition) => `-' OR ${condition.slice(0, -1)}`),
  texts((_, condition) => `-' OR ${condition} -- `),
  texts((_, condition) => `-') OR ${condition} -- `),
  // Where a number stands.
  numbers((value, condition) => `${value} AND ${condition}`),
  numbers((value, condition) => `${value}-${numberOr(condition, 0)}`),
  // Where a column is named to sort by.
  numbers((value, condition) => `${value},${numberOr(condition, 1)}`),
  numbers((value, condition) => `${value}",${numberOr(condition, 1)} -- `),
  { by: 'error', make: value => [`${value}''`, `${value}'`] },
  // Of a program that doubles the first quote alone.
  { by: 'error', make: value => [`${value}'`, `${value}''`] },
]

function texts(build: (value: string, condition: string) => string): Pair {
  return pair(build, random => [`'a${random.letters(5)}'`, `'n${random.letters(5)}'`])
}

function numbers(build: (value: string, condition: string) => string): Pair {
  return pair(build, random => [String(random.integer(1000, 4999)), String(random.integer(5000, 9999))])
}

/** Both have the same two words or numbers in them, in the one order and in the other. */
function pair(build: (value: string, condition: string) => string, two: (random: Random) => readonly [string, string]): Pair {
  return {
    by: 'answer',
    make: (value, random) => {
      const [less, more] = two(random)
      return [build(value, `${less}<${more}`), build(value, `${more}<${less}`)]
    },
  }
}
