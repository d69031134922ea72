import type { Command } from 'commander'
import type { CheckOptions } from '../check/check-command.ts'
import { defaultJobs, jobsNumber, wholeNumber } from '../options.ts'

/** `assay check`: what an author runs before anybody else sees the exercise. */
export function register(program: Command): void {
  program
    .command('check')
    .description('read exercises, grade every sample submission, and hold each to its label')
    .argument('[exercise...]', 'slugs of exercises of the library, or paths of their folders')
    .option('--all', 'every exercise of the library')
    .option('--sample <name>', 'only the samples of this name (slow-query, or wrong_answer/slow-query)')
    .option('--jobs <number>', 'submissions graded at a time', jobsNumber, defaultJobs)
    .option('--seed <number>', 'grade with this seed, to repeat what an earlier check found', wholeNumber)
    .option('--no-mutants', "leave out what mutants of a query's reference and accepted samples show of its data sets")
    .option('--write', 'add the data sets that kill surviving mutants to the exercise')
    .option('--watch', 'go on, and check again what changes')
    .option('--json', 'print what was found as one JSON document')
    .addHelpText(
      'after',
      `
Examples:
  assay check tasks-api
  assay check ./my-exercises/tasks-api --sample no-validation
  assay check ./my-exercises/late-orders --watch
  assay check ./my-exercises/late-orders --write
  assay check --all --json > findings.json

Exit codes: 0 nothing found · 1 there are findings · 2 usage · 4 no such exercise · 5 a fault of the grader`,
    )
    .action(async (named: string[], options: CheckOptions) => {
      const { checkCommand } = await import('../check/check-command.ts')
      await checkCommand(named, options)
    })
}
