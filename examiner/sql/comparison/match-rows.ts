import { exactForm, familyOf, nearlyEqual, nearlyEqualArrays, numbersOf, type Cell, type ColumnFamily } from './cell.ts'

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

/** Numbers in arrays that one comparison looks at in vain: a learner may give many long arrays that differ at their end only. */
const MOST_NUMBERS = 2_000_000

const isNumeric = (family: ColumnFamily) => family === 'number' || family === 'number[]'

export function rowMatcher(types: readonly number[], tolerance: number): Matcher {
  const families = types.map(familyOf)
  const allowance = { numbers: MOST_NUMBERS }
  const form = (row: Row) => row.map((cell, column) => exactForm(cell, families[column] ?? 'text'))
  const sameCell = (expected: Cell, actual: Cell, column: number) => {
    const family = families[column] ?? 'text'
    return exactForm(expected, family) === exactForm(actual, family) || (isNumeric(family) && nearCell(expected, actual, family))
  }
  const nearCell = (expected: Cell, actual: Cell, family: ColumnFamily, left = allowance) =>
    family === 'number' ? nearlyEqual(expected, actual, tolerance) : nearlyEqualArrays(expected, actual, tolerance, left)
  const same = (expected: Row, actual: Row) =>
    expected.length === actual.length && expected.every((cell, column) => sameCell(cell, actual[column]!, column))

  /** Duplicates count: every row finds at most one partner. First by exact form, then what is left by tolerance. */
  function match(expected: readonly Row[], actual: readonly Row[]): Matching {
    const waiting = new Map<string, number[]>()
    for (const [index, row] of actual.entries()) push(waiting, JSON.stringify(form(row)), index)
    for (const list of waiting.values()) list.reverse()
    const missing = [...expected.keys()].filter(index => waiting.get(JSON.stringify(form(expected[index]!)))?.pop() === undefined)
    const extra = [...waiting.values()].flat().sort((a, b) => a - b)
    if (missing.length === 0 || extra.length === 0 || !families.some(isNumeric)) return { missing, extra }
    return matchNearly(missing, extra, expected, actual)
  }

  function matchNearly(missing: number[], extra: number[], expected: readonly Row[], actual: readonly Row[]): Matching {
    // Rows can be near each other only if their other cells are the same.
    const others = (row: Row) => JSON.stringify(form(row).filter((_, column) => !isNumeric(families[column]!)))
    const groups = new Map<string, number[]>()
    for (const index of extra) push(groups, others(actual[index]!), index)
    const isNear = (one: Row, other: Row, left: typeof allowance) =>
      families.every((family, column) => !isNumeric(family) || nearCell(one[column]!, other[column]!, family, left))
    const taken = new Set<number>()
    const sorted = new Map([...groups].map(([key, indexes]) => [key, inOrder(indexes, actual)]))
    const stillMissing = new Set(missing)
    for (const [key, wanted] of Map.groupBy(missing, index => others(expected[index]!))) {
      const candidates = sorted.get(key) ?? []
      // Behind the last partner stands the likeliest one.
      let next = 0
      for (const [place, index] of inOrder(wanted, expected).entries()) {
        // Small groups are searched whole; in large ones the partner stands near the same place of the same order.
        const [from, to] = candidates.length <= 200 ? [0, candidates.length] : [Math.max(0, place - 50), place + 50]
        const behind = Math.max(from, next)
        const near = [...candidates.slice(behind, to), ...candidates.slice(from, behind)].filter(candidate => !taken.has(candidate))
        // To look at one for each row takes no longer than to read them: of an allowance that others used up, a right answer must not be refused.
        const partner = near.find((candidate, nth) =>
          isNear(expected[index]!, actual[candidate]!, nth === 0 ? { numbers: Infinity } : allowance),
        )
        if (partner === undefined) continue
        taken.add(partner)
        stillMissing.delete(index)
        next = candidates.indexOf(partner, from) + 1
      }
    }
    return { missing: [...stillMissing].sort((a, b) => a - b), extra: extra.filter(index => !taken.has(index)).sort((a, b) => a - b) }
  }

  /** Indexes of rows, sorted by the numbers in them. */
  function inOrder(indexes: readonly number[], rows: readonly Row[]): number[] {
    const keyed = indexes.map(index => ({
      index,
      key: families.flatMap((family, at) => (isNumeric(family) ? numbersOf(rows[index]![at]!, family) : [])),
    }))
    return keyed.sort((a, b) => byNumbers(a.key, b.key)).map(({ index }) => index)
  }

  return { same, sameCell, match }
}

/** By what the numbers are about, then by what they are: two that differ by rounding alone must not send rows apart that further numbers tell. */
function byNumbers(a: readonly number[], b: readonly number[]): number {
  return inTurn(a, b, Math.fround) || inTurn(a, b, number => number)
}

function inTurn(a: readonly number[], b: readonly number[], form: (number: number) => number): number {
  const length = Math.max(a.length, b.length)
  for (let at = 0; at < length; at++) {
    const [one, other] = [form(a[at] ?? -Infinity), form(b[at] ?? -Infinity)]
    if (one !== other) return one < other ? -1 : 1
  }
  return 0
}

function push(map: Map<string, number[]>, key: string, index: number): void {
  const list = map.get(key)
  if (list) list.push(index)
  else map.set(key, [index])
}
