import { Option, type Command } from 'commander'
import { SUBMISSION_RUNTIMES } from '../../core/runtimes.ts'
import { MODES } from '../../core/submission.ts'
import type { SubmitOptions } from '../submit/submit-command.ts'

/** `assay submit`: hands in by the public API, as any other client of it would. */
export function register(program: Command): void {
  program
    .command('submit')
    .description('hand a folder in to the server at ASSAY_URL')
    .argument('<exercise>', 'slug of the exercise')
    .argument('<folder>', 'the folder to hand in; or one file, or a zip, tar or tar.gz of them all')
    .option('--watch', 'follow it live, print the report, and end with its exit code')
    .addOption(new Option('--mode <mode>', 'all tests, or the visible ones only').choices(MODES).default('submit'))
    .addOption(
      new Option('--runtime <runtime>', 'one of those that the exercise offers; its first by default').choices(SUBMISSION_RUNTIMES),
    )
    .option('--json', 'print the submission (with --watch: the report) as one JSON document')
    .addHelpText(
      'after',
      `
Settings: ASSAY_URL (http://127.0.0.1:4180) and ASSAY_TOKEN.

Examples:
  assay submit tasks-api ./my-solution --watch
  assay submit tasks-api work.zip --mode run --watch
  id=$(assay submit tasks-api ./my-solution) && assay report "$id"

Exit codes: 0 taken in, or accepted · 1 not accepted · 2 refused · 3 not allowed · 4 no such exercise · 5 no server, or a fault of the grader`,
    )
    .action(async (exercise: string, folder: string, options: SubmitOptions) => {
      const { submitCommand } = await import('../submit/submit-command.ts')
      await submitCommand(exercise, folder, options)
    })
}
