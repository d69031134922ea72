import type { SubmissionRuntime } from '../../core/runtimes.ts'
import type { Mode } from '../../core/submission.ts'
import { createApi } from '../client/api.ts'
import { submit } from '../client/submissions.ts'
import { cliConfig } from '../config.ts'
import { interruptible } from '../interruptible.ts'
import { readSubmission } from '../read-submission.ts'
import { openTerminal } from '../terminal.ts'
import { readArchive } from './archive.ts'
import { printReport } from './report-command.ts'
import { watch } from './watch.ts'

export type SubmitOptions = { watch?: true; mode: Mode; runtime?: SubmissionRuntime; json?: true }

export async function submitCommand(exercise: string, folder: string, options: SubmitOptions): Promise<void> {
  const terminal = openTerminal()
  const api = createApi(cliConfig(process.env))
  const files = (await readArchive(folder)) ?? (await readSubmission(folder))
  await interruptible(async signal => {
    const submission = await submit(api, { exercise, files, runtime: options.runtime, mode: options.mode }, signal)
    if (options.watch) {
      terminal.tell(`${submission.id} was taken in.`)
      await watch(api, submission.id, signal)
      return printReport(api, submission.id, { json: options.json ?? false }, signal)
    }
    if (options.json) terminal.json(submission)
    else terminal.print(submission.id)
    terminal.tell(`Follow it with: assay report ${submission.id} --watch`)
  })
}
