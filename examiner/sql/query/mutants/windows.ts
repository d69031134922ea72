import type { SelectStmt, WindowDef } from 'libpg-query'
import { shownColumns, tableOf } from './columns.ts'
import { functionOf, withFunction } from './operators.ts'
import { fingerprint, printed } from './print.ts'
import type { Change, Family } from './rule.ts'
import { locationOf, without } from './tree.ts'

/** Bits of PostgreSQL's own `frameOptions` (parsenodes.h). */
const NONDEFAULT = 0x1
const RANGE = 0x2
const ROWS = 0x4
const GROUPS = 0x8
/** RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW. */
const DEFAULT_FRAME = 0x422

const RANKINGS: Record<string, readonly string[]> = {
  row_number: ['rank', 'dense_rank'],
  rank: ['dense_rank', 'row_number'],
  dense_rank: ['rank', 'row_number'],
  lag: ['lead'],
  lead: ['lag'],
  first_value: ['last_value'],
  last_value: ['first_value'],
}
/** Functions that look at their partition, whatever the frame. */
const FRAMELESS = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile', 'lag', 'lead'])

/** Which rows a window function sees, and how it counts ties. */
export const WINDOWS: Family = {
  FuncCall(call) {
    const name = functionOf(call)
    if (!call.over) return []
    const swaps = (RANKINGS[name] ?? []).map((other): Change => ({
      rule: 'ranking-swap',
      words: `${other} instead of ${name}`,
      old: call,
      by: withFunction(call, other),
    }))
    return FRAMELESS.has(name) || !call.over.orderClause ? swaps : [...swaps, ...frames(call.over)]
  },
  WindowDef(window, { way, selects }) {
    const named = way.at(-1) === 'windowClause' && window.orderClause ? frames(window) : []
    return [...named, ...withoutPartition(window), ...partitionByShown(window, selects[0])]
  },
}

function frames(window: WindowDef): Change[] {
  const frame = window.frameOptions ?? DEFAULT_FRAME
  const at = locationOf(window) ?? 0
  const change = (words: string, by: WindowDef): Change => ({ rule: 'window-frame', words, old: window, by, at })
  const { startOffset, endOffset, ...rest } = window
  const found: Change[] = []
  const hasOffset = startOffset !== undefined || endOffset !== undefined
  // What RANGE counts from an offset depends on the type: it may be no query at all.
  if (frame & RANGE && !hasOffset)
    found.push(
      change('ROWS instead of RANGE: rows that tie are not one', { ...window, frameOptions: (frame & ~RANGE) | ROWS | NONDEFAULT }),
    )
  if (frame & ROWS && !hasOffset)
    found.push(change('RANGE instead of ROWS: rows that tie are one', { ...window, frameOptions: (frame & ~ROWS) | RANGE }))
  if (frame & GROUPS) found.push(change('ROWS instead of GROUPS', { ...window, frameOptions: (frame & ~GROUPS) | ROWS }))
  if (frame & NONDEFAULT)
    found.push(change('without the frame: from the first row to the current one and its ties', { ...rest, frameOptions: DEFAULT_FRAME }))
  return found
}

function withoutPartition(window: WindowDef): Change[] {
  const { partitionClause: columns = [], ...rest } = window
  return columns.map(column => {
    const left = without(columns, column)
    const by = left.length > 0 ? { ...rest, partitionClause: left } : rest
    return { rule: 'window-partition', words: `without ${printed(column)} in PARTITION BY`, old: window, by, at: locationOf(column) ?? 0 }
  })
}

/** `PARTITION BY client.id` where `client.name` is what is shown: two of one name are taken for one. */
function partitionByShown(window: WindowDef, select: SelectStmt | undefined): Change[] {
  const columns = window.partitionClause ?? []
  const own = new Set(columns.map(column => fingerprint(column)))
  const shown = shownColumns(select).filter(column => !own.has(fingerprint(column)))
  return columns.flatMap(column =>
    shown
      .filter(other => tableOf(other) !== undefined && tableOf(other) === tableOf(column))
      .map(other => ({
        rule: 'window-partition' as const,
        words: `PARTITION BY ${printed(other)} instead of ${printed(column)}`,
        old: window,
        by: { ...window, partitionClause: columns.map(each => (each === column ? other : each)) },
        at: locationOf(column) ?? 0,
      })),
  )
}
