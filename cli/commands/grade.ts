import { Option, type Command } from 'commander'
import { SUBMISSION_RUNTIMES } from '../../core/runtimes.ts'
import { MODES, ROLES } from '../../core/submission.ts'
import type { GradeOptions } from '../grade/grade-command.ts'
import { wholeNumber } from '../options.ts'

/** `assay grade`: a worker's grading without server or queue. */
export function register(program: Command): void {
  program
    .command('grade')
    .description('grade a folder here and now, without a server, and print the report')
    .argument('<exercise>', 'slug of an exercise of the library, or the path of its folder')
    .argument('<folder>', 'the folder (or the one file) to hand in')
    .addOption(new Option('--mode <mode>', 'all tests, or the visible ones only').choices(MODES).default('submit'))
    .addOption(
      new Option('--runtime <runtime>', 'one of those that the exercise offers; its first by default').choices(SUBMISSION_RUNTIMES),
    )
    .option('--seed <number>', "repeat a grading's data and order by its seed", wholeNumber)
    .addOption(new Option('--as <role>', 'whose view of the report to print').choices(ROLES).default('staff'))
    .option('--json', 'print the report as one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  assay grade tasks-api ./my-solution
  assay grade ./exercises/tasks-api ./my-solution --mode run --as learner
  assay grade monthly-sales query.sql --json | jq .outcome

Exit codes: 0 accepted · 1 not accepted · 2 the folder or the exercise can't be read · 4 no such exercise · 5 a fault of the grader`,
    )
    .action(async (exercise: string, folder: string, options: GradeOptions) => {
      const { gradeCommand } = await import('../grade/grade-command.ts')
      await gradeCommand(exercise, folder, options)
    })
}
