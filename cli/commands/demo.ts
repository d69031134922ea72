import type { Command } from 'commander'
import type { DemoOptions } from '../demo/demo-command.ts'

/** `assay demo`, also `npm run demo`: the whole way of a submission, on a scratch data folder. */
export function register(program: Command): void {
  program
    .command('demo')
    .description('start server and worker on a scratch folder, submit samples of every exercise over HTTP, and show what comes of them')
    .option('--all', 'every sample; by default one accepted and two wrong ones of each exercise')
    .option('--logs', 'also show what server and worker log')
    .option('--json', 'print the table as one JSON document')
    .addHelpText('after', '\nExit codes: 0 every sample ended as it is labelled · 1 one did not · 5 a fault of the grader')
    .action(async (options: DemoOptions) => {
      const { demoCommand } = await import('../demo/demo-command.ts')
      await demoCommand(options)
    })
}
