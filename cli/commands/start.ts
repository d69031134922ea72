import type { Command } from 'commander'

/** `assay start`: everything that a service needs, brought up and kept up. */
export function register(program: Command): void {
  program
    .command('start')
    .description('set everything up, then run server and worker until ended (Ctrl-C)')
    .action(async () => {
      const { start } = await import('../start/start.ts')
      await start(['server', 'worker'])
    })
}
