import type { Command } from 'commander'

/** `assay worker`: one worker on this host's engine, for a server named by ASSAY_URL. */
export function register(program: Command): void {
  program
    .command('worker')
    .description('run a worker alone, for the server at ASSAY_URL and the Redis at REDIS_URL')
    .action(async () => {
      const { start } = await import('../start/start.ts')
      await start(['worker'])
    })
}
