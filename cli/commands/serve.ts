import type { Command } from 'commander'

/** `assay serve`: the API alone; workers run elsewhere. */
export function register(program: Command): void {
  program
    .command('serve')
    .description('run the server alone (with a Redis, if REDIS_URL is not set)')
    .action(async () => {
      const { start } = await import('../start/start.ts')
      await start(['server'])
    })
}
