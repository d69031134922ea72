import type { Command } from 'commander'
import type { PreviewOptions } from '../preview/preview-command.ts'

/** `assay preview`: an exercise through a learner's eyes. */
export function register(program: Command): void {
  program
    .command('preview')
    .description('show an exercise as learners see it: statement, starter, and the report of a sample')
    .argument('<exercise>', 'slug of an exercise of the library, or the path of its folder')
    .option('--sample <name>', 'whose report to show (no-validation, or wrong_answer/no-validation); by default the first wrong answer')
    .addHelpText(
      'after',
      `
Examples:
  assay preview late-books
  assay preview ./my-exercises/late-books --sample names-in-one

Exit codes: 0 shown · 2 the exercise can't be read · 4 no such exercise or sample · 5 a fault of the grader`,
    )
    .action(async (exercise: string, options: PreviewOptions) => {
      const { previewCommand } = await import('../preview/preview-command.ts')
      await previewCommand(exercise, options)
    })
}
