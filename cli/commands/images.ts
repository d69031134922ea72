import type { Command } from 'commander'

/** `assay images`: makes the sandbox images. */
export function register(program: Command): void {
  program
    .command('images')
    .description('make the sandbox images that are missing or out of date')
    .option('--fresh', 'make all of them anew, with the newest packages of the distribution')
    .option('--json', 'print what was built and what was up to date as JSON')
    .action(async (options: { fresh?: true; json?: true }) => {
      const { imagesCommand } = await import('../start/images-command.ts')
      await imagesCommand({ json: options.json ?? false, fresh: options.fresh ?? false })
    })
}
