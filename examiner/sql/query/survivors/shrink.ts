import type { Row } from './generate.ts'
import type { Value } from './values.ts'

export type Shrinking = {
  /** Lays rows and says which of them lie there, if they still tell what they told; undefined if not. */
  holds: (rows: readonly Row[]) => Promise<Row[] | undefined>
  /** The plainest value of a column that no key holds; undefined for one that is to be left alone. */
  plain: (table: string, column: string) => Value | undefined
  /** True when there is no time to try more: what is left then is as good as it gets. */
  over: () => boolean
}

/** The few rows of a data set that matter, and of their values the few that do: whatever can go without a difference goes. */
export async function shrink(rows: readonly Row[], shrinking: Shrinking): Promise<Row[]> {
  const fewer = await byRows([...rows], shrinking)
  const plainer = await byValues(fewer, shrinking)
  // Plain values let rows go that their foreign keys had held.
  return plainer === fewer ? fewer : byRows(plainer, shrinking)
}

/** Halves first, then quarters, down to single rows, and again as long as any goes. */
async function byRows(rows: Row[], { holds, over }: Shrinking): Promise<Row[]> {
  let left = rows
  let chunk = Math.ceil(left.length / 2)
  while (chunk >= 1 && left.length > 0) {
    let gone = false
    // From the end: rows that refer to others go before them.
    for (let from = left.length - chunk; from > -chunk && !over(); from -= chunk) {
      const without = left.filter((_, index) => index < from || index >= from + chunk)
      if (without.length === left.length) continue
      const held = await holds(without)
      if (!held) continue
      left = held
      gone = true
    }
    if (over()) return left
    if (chunk === 1 && !gone) return left
    chunk = chunk === 1 ? 1 : Math.ceil(chunk / 2)
  }
  return left
}

async function byValues(rows: Row[], { holds, plain, over }: Shrinking): Promise<Row[]> {
  let left = rows
  for (const [index, { table, values }] of rows.entries()) {
    for (const column of Object.keys(values)) {
      const value = plain(table, column)
      if (over()) return left
      if (value === undefined || left[index]?.values[column] === value) continue
      const changed = left.map((row, at) => (at === index ? { table, values: { ...row.values, [column]: value } } : row))
      const held = await holds(changed)
      // A row that fell out took its number with it: as many as before must lie there.
      if (held?.length === left.length) left = held
    }
  }
  return left
}
