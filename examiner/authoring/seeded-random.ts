import { drawFrom, type Draw } from './draw.ts'
import { madeUp, type MadeUp } from './made-up.ts'

/** Random data that is the same whenever the same grading's seed comes again, in each test its own. */
export type Random = Draw & MadeUp

/** `from`: any text; the same text gives the same data. */
export function seededRandom(from: string): Random {
  const draw = drawFrom(from)
  return { ...draw, ...madeUp(draw) }
}
