import { join } from 'node:path'
import type { Finding } from '../../core/errors.ts'
import type { Sample } from '../../core/read-samples.ts'
import type { Report, ReportTest } from '../../core/report.ts'
import { points } from '../render/quantities.ts'

/** The tests that ran and did not pass. One that never ran has not failed: what ended the grading is told by the outcome. */
export function failedTests(report: Pick<Report, 'tests'>): ReportTest[] {
  return report.tests.filter(test => test.status === 'failed' || test.status === 'timed_out')
}

/** Holds what grading a sample found to its label: the outcome always, score and failing tests where sample.yaml names them. */
export function holdSample({ folder, outcome, expects }: Sample, report: Report): Finding[] {
  if (report.outcome === 'grader_error') return [{ file: folder, message: `could not be graded: ${said(report)}` }]
  const findings: Finding[] = []
  const label = join(folder, 'sample.yaml')
  const failed = failedTests(report)
  if (report.outcome !== outcome) {
    const why = failed.length > 0 ? `; failed: ${list(failed)}` : ''
    findings.push({ file: folder, message: `expected ${outcome}, got ${report.outcome}${report.reason ? ` (${said(report)})` : ''}${why}` })
  }
  const { earned, possible } = report.score
  if (expects.score !== undefined && Math.abs(expects.score - earned) > 1e-9)
    findings.push({
      file: label,
      field: 'score',
      message: `expected ${points(expects.score)}, got ${points(earned)} of ${points(possible)}${coreless(report)}`,
    })
  if (expects.fails) {
    const passed = expects.fails.filter(id => !failed.some(test => test.id === id))
    const unexpected = failed.filter(test => !expects.fails!.includes(test.id))
    if (passed.length > 0)
      findings.push({
        file: label,
        field: 'fails',
        message: `should fail and did not: ${passed.map(id => `${id}${notRun(report, id)}`).join(', ')}`,
      })
    if (unexpected.length > 0) findings.push({ file: label, field: 'fails', message: `failed and should not: ${list(unexpected)}` })
  }
  return findings
}

/** A starter is where learners begin: it may earn something, but it must be gradable and must not be the solution. */
export function holdStarter(folder: string, report: Report): Finding[] {
  if (report.outcome === 'grader_error') return [{ file: folder, message: `could not be graded: ${said(report)}` }]
  if (report.outcome === 'accepted') return [{ file: folder, message: 'is accepted as it stands; nothing is left for the learner to do' }]
  return []
}

/** What authors forget when they add points up by hand. */
function coreless({ tasks }: Report): string {
  const lost = tasks.filter(task => !task.corePassed && task.possible > 0).map(task => `"${task.title}"`)
  if (lost.length === 0) return ''
  return ` (the first test of ${lost.join(', ')} did not pass, so ${lost.length > 1 ? 'those tasks earn' : 'that task earns'} nothing)`
}

function notRun(report: Report, id: string): string {
  return report.tests.some(test => test.id === id && test.status === 'not_run') ? ' (never ran)' : ''
}

function list(tests: readonly ReportTest[]): string {
  return tests.map(test => (test.message ? `${test.id} (${firstLine(test.message)})` : test.id)).join(', ')
}

export function said({ reason, lastWords }: Report): string {
  return [reason?.message ?? 'no reason given', lastWords?.all.trim().split('\n').at(-1)].filter(Boolean).join('; last words: ')
}

function firstLine(text: string): string {
  const line = text.trim().split('\n')[0]!
  return line.length > 120 ? `${line.slice(0, 120)}…` : line
}
