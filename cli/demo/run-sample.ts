import { runtimesOf } from '../../core/runtimes.ts'
import type { Outcome } from '../../core/outcome.ts'
import type { Report } from '../../core/report.ts'
import type { Score } from '../../core/score.ts'
import { holdSample } from '../check/hold-sample.ts'
import type { Api } from '../client/api.ts'
import { follow } from '../client/follow.ts'
import { readReport, readSubmissionState, submit } from '../client/submissions.ts'
import { eventWords } from '../render/live.ts'
import { CommandError, EXIT } from '../errors.ts'
import type { ChosenSample } from './choose-samples.ts'

/** One row of the demonstration's table. */
export type DemoRow = {
  exercise: string
  kind: string
  runtime: string
  sample: string
  /** Null for what was refused at the door. */
  submission: string | null
  expected: Outcome
  outcome: Outcome
  score: Score
  tests: { passed: number; total: number }
  queueMs: number
  gradeMs: number
  /** Where it is not as its label says. */
  findings: string[]
}

/** Hands a sample in over HTTP, follows it live, and holds its report to the sample's label. */
export async function runSample(
  { exercise, sample }: ChosenSample,
  { api, signal, live, tell }: { api: Api; signal: AbortSignal; live: boolean; tell: (line: string) => void },
): Promise<DemoRow> {
  const { runtime } = sample.expects
  const row = {
    exercise: exercise.slug,
    kind: exercise.manifest.kind,
    runtime: runtime ?? runtimesOf(exercise.manifest)[0]!,
    sample: sample.path,
    expected: sample.outcome,
  }
  const submission = await submit(api, { exercise: exercise.slug, files: sample.files, runtime, mode: 'submit' }, signal).catch(
    (error: unknown) => {
      // Files that are refused at the door never become a submission; the label calls that invalid_submission too.
      if (error instanceof CommandError && error.exitCode === EXIT.usage) return error
      throw error
    },
  )
  if (submission instanceof CommandError) return refused(row, submission)
  const { id } = submission
  const label = `${exercise.slug} ${sample.path}`
  const times: Partial<Record<string, number>> = {}
  await follow(api, id, signal, ({ event, at }) => {
    times[event.type] ??= at
    // Of a hidden test there is only a count: news for a line that is redrawn, not for a log of lines.
    if (event.type === 'test' && event.id === undefined && event.done < event.total && !live) return
    tell(`${label}: ${eventWords(event)}`)
  })
  const { outcome } = await readSubmissionState(api, id, signal)
  const report = await readReport(api, id, signal)
  const finished = times['finished'] ?? Date.now()
  const queued = times['queued'] ?? finished
  const started = times['started'] ?? finished
  return {
    ...row,
    submission: id,
    outcome: outcome ?? report.outcome,
    score: report.score,
    tests: { passed: report.tests.filter(test => test.status === 'passed').length, total: report.tests.length },
    queueMs: Math.max(0, started - queued),
    gradeMs: Math.max(0, finished - started),
    // A staff token's view is the whole report.
    findings: holdSample(sample, report as unknown as Report).map(({ field, message }) => (field ? `${field}: ${message}` : message)),
  }
}

function refused(row: Pick<DemoRow, 'exercise' | 'kind' | 'runtime' | 'sample' | 'expected'>, { message }: CommandError): DemoRow {
  const findings = row.expected === 'invalid_submission' ? [] : [`expected ${row.expected}, and it was refused: ${message}`]
  const nothing = { score: { earned: 0, possible: 0 }, tests: { passed: 0, total: 0 }, queueMs: 0, gradeMs: 0 }
  return { ...row, ...nothing, submission: null, outcome: 'invalid_submission', findings }
}
