import type { Command } from 'commander'

/** `assay doctor`: looks at everything that grading stands on. */
export function register(program: Command): void {
  program
    .command('doctor')
    .description('check engine, limits, Redis, disk and settings; say what to do for each finding')
    .option('--json', 'print the findings as JSON')
    .action(async (options: { json?: true }) => {
      const { examineHost } = await import('../doctor/doctor.ts')
      await examineHost({ json: options.json ?? false })
    })
}
