import type { Command } from 'commander'

/** `assay status|report|cancel|requeue`: what can be done about a submission by its id. */
export function register(program: Command): void {
  program
    .command('status')
    .description('where a submission stands')
    .argument('<id>', 'id of a submission')
    .option('--json', 'print it as one JSON document')
    .action(async (id: string, options: { json?: true }) => {
      const { statusCommand } = await import('../submit/status-command.ts')
      await statusCommand(id, options)
    })

  program
    .command('report')
    .description('print the report of a submission, and end with the exit code of its outcome')
    .argument('<id>', 'id of a submission')
    .option('--watch', 'follow it live until there is one')
    .option('--json', 'print it as one JSON document')
    .action(async (id: string, options: { watch?: true; json?: true }) => {
      const { reportCommand } = await import('../submit/report-command.ts')
      await reportCommand(id, options)
    })

  program
    .command('cancel')
    .description('stop a submission that is not over')
    .argument('<id>', 'id of a submission')
    .option('--json', 'print what became of it as one JSON document')
    .action(async (id: string, options: { json?: true }) => {
      const { changeCommand } = await import('../submit/status-command.ts')
      await changeCommand(id, 'cancel', options)
    })

  program
    .command('requeue')
    .description('grade a submission again that ended as a grader error (admin)')
    .argument('<id>', 'id of a submission')
    .option('--json', 'print what became of it as one JSON document')
    .action(async (id: string, options: { json?: true }) => {
      const { changeCommand } = await import('../submit/status-command.ts')
      await changeCommand(id, 'requeue', options)
    })
}
