import { createApi, type Api } from '../client/api.ts'
import { readReport, readSubmissionState } from '../client/submissions.ts'
import { cliConfig } from '../config.ts'
import { CommandError, EXIT, exitCodeOf } from '../errors.ts'
import { interruptible } from '../interruptible.ts'
import { OUTCOME_WORDS } from '../render/outcome-words.ts'
import { reportLines } from '../render/report.ts'
import { openTerminal } from '../terminal.ts'
import { placeWords } from './place-words.ts'
import { watch } from './watch.ts'

export async function reportCommand(id: string, options: { watch?: true; json?: true }): Promise<void> {
  const api = createApi(cliConfig(process.env))
  await interruptible(async signal => {
    if (options.watch) await watch(api, id, signal)
    await printReport(api, id, { json: options.json ?? false }, signal)
  })
}

/** Prints a submission's report and sets the exit code by its outcome. */
export async function printReport(api: Api, id: string, { json }: { json: boolean }, signal: AbortSignal): Promise<void> {
  const terminal = openTerminal()
  const submission = await readSubmissionState(api, id, signal)
  if (submission.state === 'cancelled' || submission.outcome === 'cancelled') {
    if (json) terminal.json(submission)
    else terminal.print(`– ${OUTCOME_WORDS.cancelled.title}: ${OUTCOME_WORDS.cancelled.meaning}`)
    process.exitCode = EXIT.failed
    return
  }
  if (submission.state !== 'finished') {
    const now = submission.state === 'queued' ? placeWords(submission) : 'being graded'
    throw new CommandError(EXIT.notFound, `There is no report of ${id} yet: it is ${now}. Wait for it with --watch.`)
  }
  const report = await readReport(api, id, signal)
  if (json) terminal.json(report)
  else terminal.print(reportLines(report, terminal.style))
  process.exitCode = exitCodeOf(report.outcome)
}
