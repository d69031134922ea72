import { coarseMs } from '../../../core/coarse-time.ts'
import type { StatementPlace } from './run-steps.ts'
import { clip } from '../shown.ts'

export type Version = 'old' | 'new'

/** What an application felt of a migration. */
export type TrafficFinding =
  | { type: 'error'; version: Version; sql: string; words: string; place: StatementPlace; over: boolean }
  | {
      type: 'wait'
      version: Version
      sql: string
      place: StatementPlace
      waitedMs: number
      /** What it waited for: the lock, on what; and the migration's own locks there. */
      wanted: string
      object: string
      held: readonly string[]
    }

/** In words for a test's message: which statement of the application, what it met, and which of the migration's statements did it. */
export function findingWords(finding: TrafficFinding, maxWaitMs: number): string {
  const { version, sql, place } = finding
  const texts = `\n  application: ${oneLine(sql)}\n  migration:   ${oneLine(place.statement)}`
  const where = `${place.file}, statement ${place.number}`
  if (finding.type === 'error') {
    return `The ${version} version of the application fails ${finding.over ? 'after' : 'during'} ${where}: ${finding.words}.${texts}`
  }
  const { wanted, object, held, waitedMs } = finding
  const by = held.length > 0 ? `holds ${held.join(', ')}` : 'is in the way'
  const what = wanted !== ROW ? `${wanted} on ${object}` : object === ROW ? ROW : `${ROW} of ${object}`
  return (
    `The ${version} version of the application was kept waiting for up to ${coarseMs(waitedMs) / 1000} s; ${maxWaitMs / 1000} s are allowed. ` +
    `It waited for ${what}, where ${where} ${by}.${texts}`
  )
}

/** What is waited for, or stands for what, where the lock is on no table. */
export const ROW = 'a row'

function oneLine(text: string): string {
  return clip(text.replaceAll(/\s+/g, ' ').trim(), 200)
}
