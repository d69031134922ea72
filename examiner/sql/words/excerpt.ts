import { clip } from '../shown.ts'

const KEPT = 8_000
const BEFORE = 4_000

/** A statement as a report keeps it, with the place of the fault in it (1-based characters): of a long one, the part around that place. */
export function excerpt(text: string, position?: number): { statement: string; position?: number } {
  // Characters are code points, as PostgreSQL counts; a surrogate pair is two of a report's units, so half as many are safe.
  const whole = Array.from(text)
  if (text.length <= KEPT) return { statement: clip(text, KEPT), ...(position !== undefined && { position }) }
  const from = Math.max(0, (position ?? 1) - BEFORE / 2)
  const part = whole.slice(from, from + BEFORE).join('')
  return { statement: clip(part, KEPT), ...(position !== undefined && { position: position - from }) }
}
