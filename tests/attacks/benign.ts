import type { Benign } from './attack.ts'
import type { Range } from './range.ts'

/** Grades honest work that comes near the walls. Returns what was amiss, if anything. */
export async function workHonestly(work: Benign, range: Range): Promise<string | undefined> {
  const report = await range.grade(work)
  if (report.outcome !== 'accepted') {
    const failed = report.tests.filter(({ status }) => status !== 'passed').map(({ id, message }) => `${id}: ${message}`)
    return `${report.outcome} ${report.reason?.message ?? ''} ${failed.join('; ')}`.trim()
  }
  if (work.proof !== undefined && !new RegExp(work.proof).test(report.output?.all ?? '')) return `nothing matches /${work.proof}/`
  return undefined
}
