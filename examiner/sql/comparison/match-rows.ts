import { exactForm, familyOf, nearlyEqual, type Cell } from './cell.ts'

export type Row = readonly Cell[]
export type Matching = {
  /** Indexes into the expected and the actual rows that found no partner, in order. */
  missing: number[]
  extra: number[]
}

/** How rows of a result are told apart: one matcher per comparison, by the expected columns' types. */
export type Matcher = {
  same: (expected: Row, actual: Row) => boolean
  sameCell: (expected: Cell, actual: Cell, column: number) => boolean
  match: (expected: readonly Row[], actual: readonly Row[]) => Matching
}

export function rowMatcher(types: readonly number[], tolerance: number): Matcher {
  const families = types.map(familyOf)
  const form = (row: Row) => row.map((cell, column) => exactForm(cell, families[column] ?? 'text'))
  const sameCell = (expected: Cell, actual: Cell, column: number) => {
    const family = families[column] ?? 'text'
    return exactForm(expected, family) === exactForm(actual, family) || (family === 'number' && nearlyEqual(expected, actual, tolerance))
  }
  const same = (expected: Row, actual: Row) =>
    expected.length === actual.length && expected.every((cell, column) => sameCell(cell, actual[column]!, column))

  /** Duplicates count: every row finds at most one partner. First by exact form, then what is left by tolerance. */
  function match(expected: readonly Row[], actual: readonly Row[]): Matching {
    const waiting = new Map<string, number[]>()
    for (const [index, row] of actual.entries()) push(waiting, JSON.stringify(form(row)), index)
    for (const list of waiting.values()) list.reverse()
    const missing = [...expected.keys()].filter(index => waiting.get(JSON.stringify(form(expected[index]!)))?.pop() === undefined)
    const extra = [...waiting.values()].flat().sort((a, b) => a - b)
    if (missing.length === 0 || extra.length === 0 || !families.includes('number')) return { missing, extra }
    return matchNearly(missing, extra, expected, actual)
  }

  function matchNearly(missing: number[], extra: number[], expected: readonly Row[], actual: readonly Row[]): Matching {
    // Rows can be near each other only if their other cells are the same.
    const others = (row: Row) => JSON.stringify(form(row).filter((_, column) => families[column] !== 'number'))
    const groups = new Map<string, number[]>()
    for (const index of extra) push(groups, others(actual[index]!), index)
    const taken = new Set<number>()
    const sorted = new Map([...groups].map(([key, indexes]) => [key, indexes.sort((a, b) => byNumbers(actual[a]!, actual[b]!))]))
    const stillMissing = new Set(missing)
    for (const [key, wanted] of Map.groupBy(missing, index => others(expected[index]!))) {
      const candidates = sorted.get(key) ?? []
      const inOrder = wanted.sort((a, b) => byNumbers(expected[a]!, expected[b]!))
      for (const [place, index] of inOrder.entries()) {
        // Small groups are searched whole; in large ones the partner stands near the same place of the same order.
        const near = candidates.length <= 200 ? candidates : candidates.slice(Math.max(0, place - 50), place + 50)
        const partner = near.find(candidate => !taken.has(candidate) && same(expected[index]!, actual[candidate]!))
        if (partner === undefined) continue
        taken.add(partner)
        stillMissing.delete(index)
      }
    }
    return { missing: [...stillMissing].sort((a, b) => a - b), extra: extra.filter(index => !taken.has(index)).sort((a, b) => a - b) }
  }

  function byNumbers(a: Row, b: Row): number {
    for (const [column, family] of families.entries()) {
      if (family !== 'number') continue
      const difference = Number(a[column]) - Number(b[column])
      if (difference !== 0 && !Number.isNaN(difference)) return difference
    }
    return 0
  }

  return { same, sameCell, match }
}

function push(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key)
  if (list) list.push(index)
  else map.set(key, [index])
}
