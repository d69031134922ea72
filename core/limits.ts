/** A size as people write it ("256m", "64 KiB", 1024) in bytes. */
export function parseSize(text: string | number): number | undefined {
  if (typeof text === 'number') return Number.isSafeInteger(text) && text > 0 ? text : undefined
  const match = /^(\d+(?:\.\d+)?)\s*(k|m|g)?(?:i?b)?$/i.exec(text.trim())
  if (!match) return undefined
  const unit = { k: 1024, m: 1024 ** 2, g: 1024 ** 3 }[(match[2] ?? '').toLowerCase()] ?? 1
  return Math.round(Number(match[1]) * unit)
}

/** A duration as people write it ("5s", "500ms", "1m") in milliseconds. A bare number is milliseconds, and at least 100: 5 was meant as something else. */
export function parseDuration(text: string | number): number | undefined {
  if (typeof text === 'number') return text >= 100 ? Math.round(text) : undefined
  const match = /^(\d+(?:\.\d+)?)\s*(ms|s|m)$/.exec(text.trim())
  if (!match) return undefined
  return Math.round(Number(match[1]) * { ms: 1, s: 1000, m: 60_000 }[match[2] as 'ms' | 's' | 'm'])
}

const KiB = 1024
const MiB = 1024 * KiB

/**
 * Every limit with its default and its ceiling (contract.md). An exercise may set a limit up to the ceiling.
 * What a learner sees when one is hit: `start` → start_error, `test`, `total`, `statement` → time_limit,
 * `memory`, `databaseMemory` → memory_limit, output → output_limit, files → invalid_submission.
 */
export const LIMITS = {
  start: { default: 10_000, ceiling: 60_000, unit: 'ms' },
  test: { default: 5_000, ceiling: 30_000, unit: 'ms' },
  total: { default: 60_000, ceiling: 300_000, unit: 'ms' },
  statement: { default: 5_000, ceiling: 60_000, unit: 'ms' },
  memory: { default: 256 * MiB, ceiling: 2048 * MiB, unit: 'bytes' },
  databaseMemory: { default: 512 * MiB, ceiling: 2048 * MiB, unit: 'bytes' },
  processors: { default: 1, ceiling: 2, unit: 'cores' },
  files: { default: 50, ceiling: 500, unit: 'count' },
  fileBytes: { default: 256 * KiB, ceiling: MiB, unit: 'bytes' },
  allFilesBytes: { default: MiB, ceiling: 10 * MiB, unit: 'bytes' },
} as const

export type LimitName = keyof typeof LIMITS
/** Resolved limits of one exercise: milliseconds, bytes, cores, counts. */
export type Limits = Record<LimitName, number>

/** What no exercise can change. */
export const FIXED = {
  outputKeptBytes: 256 * KiB,
  outputKilledBytes: 8 * MiB,
  resultRows: 100_000,
  resultBytes: 16 * MiB,
  queryConnections: 2,
  migrationConnections: 4,
  endpointConnections: 20,
  pids: 128,
  /** A pod made ahead waits no longer than this: the time of day that its reference rows were made at is that long ago. */
  podWaitsMs: 20 * 60_000,
  logTailLines: 40,
} as const
