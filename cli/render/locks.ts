import { keepsWaiting, type HeldLock } from '../../core/locks.ts'
import type { StatementRun } from '../../core/report.ts'
import { cleanLine } from './clean.ts'
import { table, type Style } from './layout.ts'
import { duration } from './quantities.ts'

const SHOWN = 15
const WIDEST = 40

/**
 * What a migration locked, file by file and strongest first. The bar goes over the file's statements, one sign each: █ where the
 * lock was held. "≥" stands before what was sampled. Those that tell nothing are only counted.
 */
export function lockLines(locks: readonly HeldLock[], statements: readonly StatementRun[], style: Style): string[] {
  const files = Map.groupBy(locks, lock => lock.file)
  // In the order in which they ran; a file whose statements were left out comes last.
  const order = [...new Set([...statements.map(run => run.file), ...files.keys()])].filter(file => files.has(file))
  return order.flatMap((file, at) => {
    const own = files.get(file)!
    const count = Math.max(...statements.filter(run => run.file === file).map(run => run.number), ...own.map(lock => lock.lastStatement))
    return [...(at > 0 ? [''] : []), ...fileLines(file, own, count, style)]
  })
}

function fileLines(file: string, locks: readonly HeldLock[], count: number, style: Style): string[] {
  const { colours } = style
  const telling = locks.filter(isTelling)
  const rows = (telling.length > 0 ? telling : locks)
    .slice(0, SHOWN)
    .map(lock => [
      cleanLine(lock.object),
      lock.mode.replace(/Lock$/, ''),
      bar(lock, count),
      keepsWaiting(lock.mode).replace(' and ', ', '),
      `${lock.sampled ? '≥ ' : ''}${duration(lock.heldMs)}${lock.waitedMs > 0 ? ` (${duration(lock.waitedMs)})` : ''}`,
    ])
  const more = locks.length - rows.length
  return [
    ...table(
      [
        { title: `Locks of ${cleanLine(file)}` },
        { title: 'Mode' },
        { title: ruler(count), paint: shown => colours.cyan(shown) },
        { title: 'Keeps waiting', paint: shown => colours.yellow(shown) },
        { title: locks.some(lock => lock.waitedMs > 0) ? 'Held (waited)' : 'Held' },
      ],
      rows,
      style,
    ),
    ...(more > 0 ? [`  … and ${more} weaker ones`] : []),
  ]
}

/** Readers' locks and those that writing takes on indexes stand in nobody's way; they are in the report, and counted here. */
function isTelling({ mode, object }: HeldLock): boolean {
  return mode !== 'AccessShareLock' && mode !== 'RowShareLock' && !(mode === 'RowExclusiveLock' && object.startsWith('index '))
}

/** The statements' numbers, their last digit each; of many statements, several to a sign. */
function ruler(count: number): string {
  return Array.from({ length: Math.min(count, WIDEST) }, (_, at) => (count <= WIDEST ? String((at + 1) % 10) : '·')).join('')
}

function bar({ statement, lastStatement }: HeldLock, count: number): string {
  const width = Math.min(count, WIDEST)
  const place = (number: number) => Math.min(width - 1, Math.floor(((number - 1) * width) / count))
  return `${'·'.repeat(place(statement))}${'█'.repeat(place(lastStatement) - place(statement) + 1)}`.padEnd(width, '·')
}
